// runtime/open.cc - the frame of a plan: header, checksum, and where the sections lie.
#include "runtime/verify.h"

namespace mountc::plan {
namespace {

constexpr uint32_t features_known = 0
#define FEATURE(bit, name, since, what) | 1u << bit
#include "runtime/features.def"
    ;

// The header's sections in its order, and the bytes of an element of each.
constexpr int sections_count = 6;
constexpr uint8_t element_sizes[sections_count] = {
    sizeof(Instruction), sizeof(Attr), sizeof(Pair), 1, sizeof(Place), sizeof(uint32_t)};
static_assert(sizeof(Header) == offsetof(Header, code) + sections_count * sizeof(Section));

const char* header_defect(const Header& header, size_t size) {
  if (__builtin_memcmp(header.magic, magic, sizeof magic) != 0) return "not a plan";
  if (header.version != format_version) return "a format version that is not known here";
  if (header.total_size != size) return "the file is not as long as its header says";
  if (size % 8 != 0 || size > file_size_max) return "bad size";
  if (checksum(&header, size) != header.checksum) return "bad checksum";
  if (header.slots > slots_max) return "too many slots";
  if (header.reserved != 0) return "a reserved field is not zero";
  if (header.features & ~features_known) return "it needs a feature that is not known here";
  return nullptr;
}

const char* sections_defect(const Header& header) {
  const Section* sections = &header.code;
  uint64_t ends[sections_count];
  for (int i = 0; i < sections_count; ++i) {
    const Section& one = sections[i];
    ends[i] = one.offset + uint64_t{one.count} * element_sizes[i];
    if (one.offset % 8 != 0) return "a section is not aligned";
    if (one.offset < sizeof(Header) || ends[i] > header.total_size) {
      return "a section lies outside the file";
    }
    for (int k = 0; k < i; ++k) {
      if (one.offset < ends[k] && sections[k].offset < ends[i] && one.count &&
          sections[k].count) {
        return "two sections overlap";
      }
    }
  }
  return nullptr;
}

}  // namespace

Verdict open(const void* plan, size_t size, View& view) {
  if (reinterpret_cast<uintptr_t>(plan) % 8 != 0) return {"the plan is not aligned in memory"};
  if (size < sizeof(Header)) return {"too short for a plan"};
  const Header& header = *static_cast<const Header*>(plan);
  if (const char* defect = header_defect(header, size)) return {defect};

  if (const char* defect = sections_defect(header)) return {defect};

  const bool stripped = header.lines.count == 0;
  if (stripped != (header.places.count == 0) && header.code.count != 0) {
    return {"places without lines, or lines without places"};
  }
  if (!stripped && header.lines.count != header.code.count) {
    return {"not one line for each instruction"};
  }
  const char* bytes = static_cast<const char*>(plan);
  view.header = &header;
  view.code = reinterpret_cast<const Instruction*>(bytes + header.code.offset);
  view.attrs = reinterpret_cast<const Attr*>(bytes + header.attrs.offset);
  view.pairs = reinterpret_cast<const Pair*>(bytes + header.pairs.offset);
  view.strings = bytes + header.strings.offset;
  if (!stripped) {
    view.places = reinterpret_cast<const Place*>(bytes + header.places.offset);
    view.lines = reinterpret_cast<const uint32_t*>(bytes + header.lines.offset);
  }
  const uint32_t length = header.strings.count;
  if (length == 0 || view.strings[0] != 0 || view.strings[length - 1] != 0) {
    return {"the strings are not terminated"};
  }
  return {};
}

}  // namespace mountc::plan
