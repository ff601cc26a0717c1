// compiler/plan/bytes.cc - a plan in memory as the runtime wants it, and the runtime's verdict.
#include "compiler/plan/bytes.h"

#include <fmt/format.h>

#include <cstring>

#include "runtime/output.h"
#include "runtime/verify.h"

namespace mountc {
namespace {

std::string words_of(Text text) {
  std::string words;
  mountrun_options options{};
  options.context = &words;
  options.write = [](void* context, const char* from, size_t size) {
    static_cast<std::string*>(context)->append(from, size);
  };
  run::Output out(options);
  out.say(text);
  out.put('\n');
  words.pop_back();
  return words;
}

Refusal refused(const plan::Verdict& verdict) {
  Refusal refusal{words_of(verdict.defect), std::nullopt};
  if (verdict.step != plan::no_step) refusal.step = verdict.step;
  return refusal;
}

}  // namespace

bool has_plan_magic(std::string_view bytes) {
  return bytes.starts_with(std::string_view(plan::magic, sizeof plan::magic));
}

std::string Refusal::text() const {
  return step ? fmt::format("step {}: {}", *step + 1, defect) : defect;
}

PlanBytes::PlanBytes(std::string_view bytes)
    : words_(bytes.size() / 8 + 1), size_(bytes.size()) {
  std::memcpy(words_.data(), bytes.data(), bytes.size());
}

int PlanBytes::apply(const mountrun_options& options) const {
  const size_t needed = mountrun_workspace(data(), size());
  std::vector<uint64_t> workspace(needed / sizeof(uint64_t) + 1);
  return mountrun_apply(data(), size(), &options, workspace.data(), needed);
}

std::optional<Refusal> PlanBytes::refusal() {
  if (const plan::Verdict frame = plan::open(data(), size(), view_);
      frame.defect != Text::none) {
    return refused(frame);
  }
  std::vector<uint8_t> slots(view_.header->slots);
  const plan::Verdict verdict = plan::verify(view_, slots.data());
  if (verdict.defect != Text::none) return refused(verdict);
  return std::nullopt;
}

}  // namespace mountc
