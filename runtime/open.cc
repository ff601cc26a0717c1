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

Text header_defect(const Header& header, size_t size) {
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
  const uint32_t forth = header.back ? header.back : header.code.count;
  const bool bad_way = (header.second ? header.second >= forth : header.features[1]) ||
                       header.back > header.code.count || header.noted > header.code.count;
  if (header.slots > slots_max || bad_way) return Text::bad_header;
  if ((header.features[0] | header.features[1]) & ~features_known) return Text::unknown_feature;
  return Text::none;
}

// They follow each other in the header's order; where an empty one lies does not matter.
Text sections_defect(const Header& header) {
  const Section* section = &header.code;
  uint64_t end = sizeof(Header);
  for (const uint8_t element_size : element_sizes) {
    const Section one = *section++;
    if (one.count == 0) continue;
    if (one.offset % 8 != 0 || one.offset < end) return Text::bad_section;
    end = one.offset + uint64_t{one.count} * element_size;
    if (end > header.total_size) return Text::bad_section;
  }
  // All lines and places, or none.
  const uint32_t steps = header.lines.count ? header.code.count : 0;
  if (header.lines.count != steps || (steps == 0) != (header.places.count == 0)) {
    return Text::bad_places;
  }
  return Text::none;
}

}  // namespace

Verdict open(const void* plan, size_t size, View& view) {
  if (reinterpret_cast<uintptr_t>(plan) % 8 != 0) return {Text::not_aligned};
  if (size < sizeof(Header)) return {Text::not_a_plan};
  const Header& header = *static_cast<const Header*>(plan);
  Text defect = header_defect(header, size);
  if (defect == Text::none) defect = sections_defect(header);
  if (defect != Text::none) return {defect};

  const char* bytes = static_cast<const char*>(plan);
  view.header = &header;
  view.code = reinterpret_cast<const Instruction*>(bytes + header.code.offset);
  view.attrs = reinterpret_cast<const Attr*>(bytes + header.attrs.offset);
  view.pairs = reinterpret_cast<const Pair*>(bytes + header.pairs.offset);
  view.strings = bytes + header.strings.offset;
  const bool stripped = header.lines.count == 0;
  const char* const places = bytes + header.places.offset;
  const char* const lines = bytes + header.lines.offset;
  view.places = stripped ? nullptr : reinterpret_cast<const Place*>(places);
  view.lines = stripped ? nullptr : reinterpret_cast<const uint32_t*>(lines);
  view.count = header.code.count;
  view.names = reinterpret_cast<const Name*>(bytes + header.names.offset);
  const uint32_t length = header.strings.count;
  const bool terminated = length && !view.strings[0] && !view.strings[length - 1];
  return {terminated ? Text::none : Text::bad_strings};
}

void View::choose(int way) {
  const uint32_t forth = header->back ? header->back : count;
  uint32_t begin = 0, end = forth;
  if (way == way_back) {
    begin = forth;
    end = count;
  } else {
    features = header->features[way];
    if (header->second) (way ? begin : end) = header->second;
  }
  code += begin;
  if (lines) lines += begin;
  count = end - begin;
}

}  // namespace mountc::plan
