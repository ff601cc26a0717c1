// compiler/lower/program.cc - the strings of a program, each once, and its ways.
#include "compiler/lower/program.h"

#include <functional>

namespace mountc {
namespace {

constexpr uint32_t unused = UINT32_MAX;
constexpr size_t table_size_min = 64;  // sizes are powers of two

uint32_t hash_of(std::string_view text) {
  return static_cast<uint32_t>(std::hash<std::string_view>()(text));
}

}  // namespace

StringPool::StringPool() : table_(table_size_min, unused) { add(""); }

uint32_t StringPool::add(std::string_view text) {
  const uint32_t hash = hash_of(text);
  uint32_t& place = table_[place_of(text, hash)];
  if (place != unused) return place;
  const auto index = place = static_cast<uint32_t>(entries_.size());
  entries_.push_back(
      {static_cast<uint32_t>(bytes_.size()), static_cast<uint32_t>(text.size()), hash});
  bytes_.append(text);
  if (entries_.size() * 2 > table_.size()) grow();
  return index;
}

std::optional<uint32_t> StringPool::find(std::string_view text) const {
  const uint32_t index = table_[place_of(text, hash_of(text))];
  return index == unused ? std::nullopt : std::optional(index);
}

size_t StringPool::place_of(std::string_view text, uint32_t hash) const {
  for (size_t at = hash;; ++at) {
    const size_t place = at & (table_.size() - 1);
    const uint32_t index = table_[place];
    if (index == unused) return place;
    if (entries_[index].hash == hash && (*this)[index] == text) return place;
  }
}

void StringPool::grow() {
  table_.assign(table_.size() * 2, unused);
  for (uint32_t index = 0; index < entries_.size(); ++index) {
    size_t at = entries_[index].hash;
    while (table_[at & (table_.size() - 1)] != unused) ++at;
    table_[at & (table_.size() - 1)] = index;
  }
}

std::span<const Step> Program::first_way() const {
  const std::span<const Step> all = steps;
  const uint32_t end = second ? second : back;
  return end ? all.first(end) : all;
}

std::span<const Step> Program::second_way() const {
  if (!second) return {};
  const size_t end = back ? back : steps.size();
  return std::span<const Step>(steps).subspan(second, end - second);
}

std::span<const Step> Program::way_back() const {
  if (!back) return {};
  return std::span<const Step>(steps).subspan(back);
}

}  // namespace mountc
