// runtime/open.cc - the frame of a plan: header, checksum, and where the sections lie.
#include "runtime/verify.h"

namespace mountc::plan {
namespace {

constexpr uint32_t features_known = 0
#define FEATURE(bit, name, since, what) | 1u << bit
#include "runtime/features.def"
    ;

// The header's sections in its order, and the bytes of an element of each.
constexpr int sections_count = 7;
constexpr uint8_t element_sizes[sections_count] = {
    sizeof(Instruction), sizeof(Attr),     sizeof(Pair), 1,
    sizeof(Place),       sizeof(uint32_t), sizeof(Name)};
static_assert(sizeof(Header) == offsetof(Header, code) + sections_count * sizeof(Section));

// Not inlined, it is smaller.
[[gnu::noinline]] Text header_defect(const Header& header, size_t size) {
  uint64_t found, wanted;
  __builtin_memcpy(&found, header.magic, sizeof found);
  __builtin_memcpy(&wanted, magic, sizeof wanted);
  if (found != wanted) return Text::not_a_plan;
  if (header.version != format_version) return Text::unknown_version;
  if (header.total_size != size || size % 8 != 0 || size > file_size_max) {
    return Text::bad_size;
  }
  if (checksum(&header, size) != header.checksum) return Text::bad_checksum;
  // No way is empty that is not the first of all.
  const bool bad_way = (header.second ? header.second >= header.forth() : header.features[1]) ||
                       header.back > header.code.count || header.noted > header.code.count;
  if (header.slots > slots_max || bad_way) return Text::bad_header;
  if ((header.features[0] | header.features[1]) & ~features_known) return Text::unknown_feature;
  return Text::none;
}

// Sections are where the counts before them say, so none can lie anywhere else.
Text lay_out(const char* bytes, const Header& header, View& view) {
  const char* starts[sections_count];
  uint64_t end = sizeof(Header);
  for (int i = 0; i < sections_count; ++i) {
    starts[i] = bytes + end;
    end += (uint64_t{(&header.code)[i].count} * element_sizes[i] + 7) / 8 * 8;
  }
  static_assert(offsetof(View, count) - offsetof(View, code) == sizeof starts);
  __builtin_memcpy(&view.code, starts, sizeof starts);
  const bool fits = end == header.total_size;
  return fits && (!header.lines.count || header.lines.count == header.code.count)
             ? Text::none
             : Text::bad_section;
}

}  // namespace

Verdict open(const void* plan, size_t size, View& view) {
  if (reinterpret_cast<uintptr_t>(plan) % 8 != 0) return {Text::not_aligned};
  if (size < sizeof(Header)) return {Text::not_a_plan};
  const Header& header = *static_cast<const Header*>(plan);
  Text defect = header_defect(header, size);
  if (defect == Text::none) defect = lay_out(static_cast<const char*>(plan), header, view);
  if (defect != Text::none) return {defect};
  view.header = &header;
  view.count = header.code.count;
  view.first = 0;
  const uint32_t length = header.strings.count;
  const bool terminated = length && !view.strings[0] && !view.strings[length - 1];
  return {terminated ? Text::none : Text::bad_section};
}

const char* View::text(uint32_t offset) const {
  return strings + (offset < header->strings.count ? offset : 0);
}

const Place* View::place(uint32_t step) const {
  return header->lines.count && lines[step] < header->places.count ? places + lines[step]
                                                                   : nullptr;
}

void View::choose(int way) {
  uint32_t begin = 0, end = header->forth();
  if (way == way_back) {
    begin = end;
    end = header->code.count;
  } else if (header->second) {
    (way ? begin : end) = header->second;
  }
  const int64_t distance = int64_t{begin} - first;
  lines += distance;
  code += distance;
  first = begin;
  count = end - begin;
}

}  // namespace mountc::plan
