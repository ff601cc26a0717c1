// compiler/plan/encode.cc - a program over slots to the bytes of a plan.
#include "compiler/plan/encode.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>

#include "compiler/plan/names.h"

namespace mountc {
namespace {

using plan::Kind;

static_assert(std::endian::native == std::endian::little, "sections are copied as they are");

constexpr size_t pool_max = 1u << 16;  // entries that 16 bits can number

class Encoder {
 public:
  explicit Encoder(const Program& program)
      : program_(program), offsets_(program.strings.size(), unwritten) {
    offsets_[0] = 0;
    strings_.push_back('\0');
  }

  void instructions() {
    code_.reserve(program_.steps.size());
    for (const Step& step : program_.steps) instruction(step);
  }

  void places() {
    lines_.reserve(program_.steps.size());
    std::vector<uint32_t> known(program_.places.size(), unwritten);
    for (const Step& step : program_.steps) {
      const Place& place = program_.places[step.place];
      uint32_t& index = known[step.place];
      if (index == unwritten) {
        index = places_.add(
            {string(place.file), place.line, place.column, string(place.statement)});
      }
      lines_.push_back(index);
    }
  }

  // The debug part is places and names, or neither.
  void names() {
    std::map<std::string, uint32_t, std::less<>> offsets;
    for (const Named& name : names_of(program_)) {
      const auto known = program_.strings.find(name.text);
      const auto [offset, fresh] = offsets.try_emplace(name.text, 0);
      if (fresh) offset->second = known ? string(*known) : append(name.text);
      names_.push_back({name.of, value_in_plan(name), offset->second});
    }
  }

  const char* excess() const {
    if (program_.registers > plan::slots_max) return "slots";
    if (attrs_.size() > pool_max) return "attributes";
    if (pairs_.size() > pool_max) return "nodes and owners";
    return size() > plan::file_size_max ? "bytes" : nullptr;
  }

  std::string bytes() const;

 private:
  static constexpr uint32_t unwritten = UINT32_MAX;

  void instruction(const Step& step);
  uint32_t operand(Kind kind, uint32_t value);
  uint32_t value_in_plan(const Named& name);
  uint32_t string(uint32_t index);
  uint32_t append(std::string_view text);

  size_t size() const {
    return sizeof(plan::Header) + code_.size() * sizeof(plan::Instruction) + strings_.size() +
           places_.size() * sizeof(plan::Place) + lines_.size() * sizeof(uint32_t) +
           names_.size() * sizeof(plan::Name) +
           pool_max * (sizeof(plan::Attr) + sizeof(plan::Pair));
  }

  const Program& program_;
  std::vector<uint32_t> offsets_;  // of the program's strings
  std::vector<plan::Instruction> code_;
  Pool<plan::Attr> attrs_;
  Pool<plan::Pair> pairs_;
  std::string strings_;
  Pool<plan::Place> places_;
  std::vector<uint32_t> lines_;
  std::vector<plan::Name> names_;
};

uint32_t Encoder::string(uint32_t index) {
  uint32_t& offset = offsets_[index];
  if (offset == unwritten) offset = append(program_.strings[index]);
  return offset;
}

uint32_t Encoder::append(std::string_view text) {
  const auto offset = static_cast<uint32_t>(strings_.size());
  strings_.append(text).push_back('\0');
  return offset;
}

uint32_t Encoder::operand(Kind kind, uint32_t value) {
  // The registers that are no slots were numbered so that their low bits are those of plan.h.
  if (plan::is_slot(kind)) {
    const bool last = value & reg_last_use;
    return (value & plan::slot_mask) | (last ? plan::slot_last_use : 0u);
  }
  if (kind == Kind::attr) return attrs_.add(program_.attrs[value]);
  if (kind == Kind::pair) return pairs_.add(program_.pairs[value]);
  return plan::is_string(kind) ? string(value) : value;
}

// All values that have names occur in the code, so they are known here already.
uint32_t Encoder::value_in_plan(const Named& name) {
  if (name.of == plan::name_text) return string(name.value);
  for (const Kind kind : {Kind::attr, Kind::pair}) {
    if (name.of == plan::name_of_value(kind)) return operand(kind, name.value);
  }
  return name.value;
}

void Encoder::instruction(const Step& step) {
  plan::Instruction in{static_cast<uint16_t>(step.op), {}, {}};
  const plan::OpInfo& info = step.row();
  int halves = 0, words = 0;
  for (int i = 0; i < info.count; ++i) {
    const Kind kind = info.operands[i].kind;
    const uint32_t value = operand(kind, step.args[i]);
    if (plan::is_half(kind)) {
      in.half[halves++] = static_cast<uint16_t>(value);
    } else {
      in.word[words++] = value;
    }
  }
  code_.push_back(in);
}

std::string Encoder::bytes() const {
  plan::Header header{};
  std::string bytes(sizeof header, '\0');
  const auto section = [&bytes](const auto& elements) {
    using Element = std::decay_t<decltype(*elements.begin())>;
    const plan::Section made{static_cast<uint32_t>(elements.size())};
    if (elements.size() > 0) {
      bytes.append(reinterpret_cast<const char*>(&*elements.begin()),
                   elements.size() * sizeof(Element));
    }
    bytes.resize((bytes.size() + 7) / 8 * 8);
    return made;
  };
  std::ranges::copy(plan::magic, header.magic);
  header.version = plan::format_version;
  header.slots = static_cast<uint16_t>(program_.registers);
  for (int way = 0; way < plan::ways_max; ++way) {
    header.features[way] = program_.features[way];
  }
  header.second = program_.second;
  header.back = program_.back;
  header.noted = static_cast<uint32_t>(
      std::ranges::count(program_.steps, plan::Op::expect, &Step::op));
  header.code = section(code_);
  header.attrs = section(attrs_);
  header.pairs = section(pairs_);
  header.strings = section(strings_);
  header.places = section(places_);
  header.lines = section(lines_);
  header.names = section(names_);
  header.total_size = static_cast<uint32_t>(bytes.size());
  std::memcpy(bytes.data(), &header, sizeof header);
  header.checksum = plan::checksum(bytes.data(), bytes.size());
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

}  // namespace

std::optional<std::string> encode(const Program& program, bool strip, std::string& error) {
  Encoder encoder(program);
  encoder.instructions();
  if (!strip && !program.places.empty() && !program.steps.empty()) {
    encoder.places();
    encoder.names();
  }
  if (const char* excess = encoder.excess()) {
    error = excess;
    return std::nullopt;
  }
  return encoder.bytes();
}

}  // namespace mountc
