// runtime/output.cc - unpacks texts into the buffer, and prints their arguments.
#include "runtime/output.h"

#include "runtime/pack.h"

namespace mountc::run {

void Output::say_words(Text text) {
  next_argument_ = arguments_;
  unpack(text);
}

void Output::say_words(Text text, long first) {
  arguments_[0] = first;
  say_words(text);
}

void Output::say_words(Text text, long first, long second) {
  arguments_[1] = second;
  say_words(text, first);
}

void Output::say_words(Text text, long first, long second, long third) {
  arguments_[2] = third;
  say_words(text, first, second);
}

void Output::put(char c) {
  buffer_[used_++] = c;
  ++total_;
  if (c != '\n' && used_ < sizeof buffer_) return;
  if (options_.write) options_.write(options_.context, buffer_, used_);
  used_ = 0;
}

void Output::unpack(Text text) {
  const uint8_t* at = pack::texts.bytes;
  for (int skip = static_cast<int>(text); skip > 0;) {
    if (*at++ == pack::Sign::end) --skip;
  }
  while (*at != pack::Sign::end) piece(*at++);
}

void Output::piece(uint8_t code) {
  if (code >= pack::first_pair) {
    const pack::Pair pair = pack::pairs.of[code - pack::first_pair];
    piece(pair.left);
    piece(pair.right);
    return;
  }
  if (code >= pack::Sign::signs_count) {
    put(static_cast<char>(code));
    return;
  }
  const long argument = *next_argument_++;
  switch (pack::Sign{code}) {
    case pack::Sign::string: string(reinterpret_cast<const char*>(argument)); break;
    case pack::Sign::decimal: number(static_cast<uint64_t>(argument), 10); break;
    case pack::Sign::hexadecimal:
      if (argument) put('0');
      if (argument) put('x');
      number(static_cast<uint64_t>(argument), 16);
      break;
    case pack::Sign::error: error(argument); break;
    case pack::Sign::text: unpack(static_cast<Text>(argument)); break;
    case pack::Sign::end:
    case pack::Sign::signs_count: break;
  }
}

void Output::string(const char* text) {
  while (*text) put(*text++);
}

void Output::number(uint64_t value, unsigned base) {
  if (value >= base) number(value / base, base);
  put("0123456789abcdef"[value % base]);
}

void Output::error(long number) {
  static constexpr uint8_t numbers[] = {
#define ERRNO(number, name, text) number,
#include "runtime/errnos.def"
  };
  Text text = first_errno;
  for (const uint8_t known : numbers) {
    if (known == number) return unpack(text);
    text = text + 1;
  }
  say(Text::unknown_errno, number);
}

}  // namespace mountc::run
