// runtime/pack.h - all texts, packed at compile time. A byte from 128 on stands for two others,
// a pair of pieces.def; that halves them. For output.cc alone.
#pragma once

#include <stddef.h>

#include "runtime/texts.h"

namespace mountc::pack {

// What a sign of texts.def becomes.
enum Sign : uint8_t {
  end,
  string,
  decimal,
  hexadecimal,
  error,
  text,
  signs_count
};

inline constexpr uint8_t first_pair = 128;

// Not constexpr: to get to one of them is an error of compilation.
void write_pieces_def_anew();
void unknown_sign();

struct Pair {
  uint8_t left, right;
};

inline constexpr const char* pieces[] = {
#define PIECE(text) text,
#include "runtime/pieces.def"
};
inline constexpr int pieces_count = sizeof pieces / sizeof pieces[0];
static_assert(pieces_count <= 256 - first_pair);

struct Pairs {
  Pair of[pieces_count];
};

// Puts `code` for each `pair`; returns the new size.
constexpr size_t merge(uint8_t* bytes, size_t size, Pair pair, uint8_t code) {
  size_t used = 0;
  for (size_t at = 0; at < size; ++at) {
    const bool both = bytes[at] == pair.left && at + 1 < size && bytes[at + 1] == pair.right;
    bytes[used++] = both ? code : bytes[at];
    at += both;
  }
  return used;
}

// The piece after those of `pairs`, as two of them: a piece that is anything else does not
// compile.
constexpr Pair halves(const char* piece, const Pairs& pairs, int known) {
  uint8_t bytes[64] = {};
  size_t size = 0;
  for (; *piece; ++piece) bytes[size++] = static_cast<uint8_t>(*piece);
  for (int i = 0; i < known; ++i) {
    size = merge(bytes, size, pairs.of[i], static_cast<uint8_t>(first_pair + i));
  }
  if (size != 2) write_pieces_def_anew();
  return {bytes[0], bytes[1]};
}

inline constexpr Pairs pairs = [] {
  Pairs all{};
  for (int i = 0; i < pieces_count; ++i) all.of[i] = halves(pieces[i], all, i);
  return all;
}();

inline constexpr const char* fixed_texts[] = {
    "",
#define TEXT(name, text) text,
#include "runtime/texts.def"
#define ERRNO(number, name, text) #name text,
#include "runtime/errnos.def"
#define FEATURE(bit, name, since, what) #name,
#include "runtime/features.def"
};

template <typename Take>
constexpr void each_text(Take take) {
  for (const char* text : fixed_texts) take(text);
}

inline constexpr size_t raw_size = [] {
  size_t size = 0;
  each_text([&](const char* text) {
    while (*text++) ++size;
    ++size;
  });
  return size;
}();

template <size_t room>
struct Packed {
  uint8_t bytes[room];
  size_t size;
};

constexpr uint8_t sign(char letter) {
  switch (letter) {
    case 's': return Sign::string;
    case 'd': return Sign::decimal;
    case 'x': return Sign::hexadecimal;
    case 'e': return Sign::error;
    case 't': return Sign::text;
    case '%': return '%';
    default: unknown_sign(); return 0;
  }
}

consteval Packed<raw_size> pack_all() {
  Packed<raw_size> all{};
  each_text([&](const char* text) {
    for (; *text; ++text) {
      all.bytes[all.size++] = *text == '%' ? sign(*++text) : static_cast<uint8_t>(*text);
    }
    all.bytes[all.size++] = Sign::end;
  });
  for (int i = 0; i < pieces_count; ++i) {
    all.size = merge(all.bytes, all.size, pairs.of[i], static_cast<uint8_t>(first_pair + i));
  }
  return all;
}

inline constexpr Packed<raw_size> roomy = pack_all();

// The texts in the order of their numbers, each with a Sign::end.
inline constexpr auto texts = [] {
  struct {
    uint8_t bytes[roomy.size];
  } exact{};
  for (size_t i = 0; i < roomy.size; ++i) exact.bytes[i] = roomy.bytes[i];
  return exact;
}();

}  // namespace mountc::pack
