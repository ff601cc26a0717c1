// compiler/lower/program.cc - the strings of a program, each once.
#include "compiler/lower/program.h"

namespace mountc {

uint32_t StringPool::add(std::string_view text) {
  const auto next = static_cast<uint32_t>(strings_.size());
  const auto [entry, fresh] = index_.try_emplace(std::string(text), next);
  if (fresh) strings_.push_back(&entry->first);
  return entry->second;
}

}  // namespace mountc
