// runtime/plan.h - the plan file: what the compiler writes and the runtime executes in place.
//
// Little-endian and position-independent; every section is aligned to 8 bytes and lies inside
// `total_size`. Nothing in it is a pointer, nothing is relocated or parsed.
//
//   header | code: Instruction[] | attrs: Attr[] | pairs: Pair[] | strings | debug: Place[], one
//   uint32_t per instruction, an index into the places, and Name[]
//
// strings are NUL-terminated and addressed by their offset in the section; offset 0 is "".
// Freestanding: includes nothing but freestanding headers.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mountc::plan {

inline constexpr char magic[8] = {'m', 'o', 'u', 'n', 't', 'c', 'p', '\n'};
inline constexpr uint16_t format_version = 1;

inline constexpr uint16_t slots_max = 0x7ff0;   // slot numbers are below this
inline constexpr uint16_t slot_host = 0x7ffe;   // where absolute source paths are looked up
inline constexpr uint16_t slot_target = 0x7ffd; // where absolute target paths are looked up
inline constexpr uint16_t slot_null = 0x7ffc;   // in a maybe(): no slot at all
inline constexpr uint16_t slot_mask = 0x7fff;
inline constexpr uint16_t slot_last_use = 0x8000;  // or-ed in: close the slot afterwards

// A plan holds one or two ways to the same end, one after the other in the code. The first one
// whose features the kernel has is run. After them may come the way back: it takes away what an
// earlier run has made.
inline constexpr int ways_max = 2;
inline constexpr int way_back = ways_max;

inline constexpr uint32_t file_size_max = 1u << 30;

// One step. Operands are stored in the order of their row in ops.def: those 16 bits wide in
// `half`, those 32 bits wide in `word`; unused ones are zero.
struct Instruction {
  uint16_t op;
  uint16_t half[3];
  uint32_t word[2];
};
static_assert(sizeof(Instruction) == 16);

// An argument of mount_setattr(2); propagation is 0 or one bit.
struct Attr {
  uint32_t set;
  uint32_t clear;
  uint32_t propagation;
  uint32_t reserved;
};
static_assert(sizeof(Attr) == 16);

struct Pair {
  uint32_t first;
  uint32_t second;
};

// A place in the layout's text. `file` and `statement` are string offsets; line and column
// count from 1, the column in characters. line 0 means unknown.
struct Place {
  uint32_t file;
  uint32_t line;
  uint32_t column;
  uint32_t statement;
};

// What a report says instead of the number `value`; `text` is a string offset.
enum NameOf : uint32_t {
  name_op = 0,       // an instruction's code; + 1, + 2, ...: its operands
  name_reason = 8,   // an id of reasons.def
  name_feature = 9,  // a bit of features.def
  name_part = 10,    // a number of parts.def
  name_text = 11,    // a string that does not stand in quotes as it is
  name_value = 16,   // + a Kind, of bits + 16 times their BitSet: an operand's value
};

struct Name {
  uint32_t of;
  uint32_t value;
  uint32_t text;
};
static_assert(sizeof(Name) == 12);

// The sections follow the header in its order, each from the next multiple of 8 bytes on.
struct Section {
  uint32_t count;  // of elements; of bytes for strings
};

struct Header {
  char magic[8];
  uint16_t version;
  uint16_t slots;       // slot numbers used are below this
  uint32_t total_size;  // in bytes, a multiple of 8
  uint64_t checksum;    // of the file with this field zero, see checksum()
  uint32_t features[ways_max];  // of each way: bits of features.def
  uint32_t second;              // the first instruction of the second way; 0: there is but one
  uint32_t back;                // the first instruction of the way back; 0: there is none
  uint32_t noted;               // how many mounts the way back notes
  Section code;
  Section attrs;
  Section pairs;
  Section strings;
  Section places;  // count 0 when stripped
  Section lines;   // of uint32_t, one per instruction; count 0 when stripped
  Section names;   // count 0 when stripped

  // Where the ways end that are no way back.
  uint32_t forth() const { return back ? back : code.count; }
};
static_assert(sizeof(Header) == 72);

// FNV-1a over 64-bit words: each word takes part in a bijective step, so no single changed word
// goes unnoticed. `size` is a multiple of 8; the header's checksum field counts as zero.
inline uint64_t checksum(const void* data, size_t size) {
  uint64_t hash = 0xcbf29ce484222325u;
  const char* bytes = static_cast<const char*>(data);
  for (size_t at = 0; at < size; at += 8) {
    uint64_t word;
    __builtin_memcpy(&word, bytes + at, 8);
    if (at == offsetof(Header, checksum)) word = 0;
    hash = (hash ^ word) * 0x100000001b3u;
  }
  return hash;
}

}  // namespace mountc::plan
