// runtime/output.cc - puts texts into the buffer, and their arguments in the place of signs.
#include "runtime/output.h"

namespace mountc::run {
namespace {

// In the order of their numbers, one behind the other: pointers would take room and, in the
// library, relocations.
constexpr char texts[] = "\0"
#define TEXT(name, text) text "\0"
#include "runtime/texts.def"
#define ERRNO(number, name, text) #name text "\0"
#include "runtime/errnos.def"
#define FEATURE(bit, name, since, what) #name "\0"
#include "runtime/features.def"
    ;

constexpr bool are_signs(const char* text, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    if (text[i] != '%') continue;
    const char* known = "sdxet%";
    ++i;
    while (*known && *known != text[i]) ++known;
    if (!*known) return false;
  }
  return true;
}
static_assert(are_signs(texts, sizeof texts), "texts.def has a sign that is not known");

}  // namespace

void Output::say_words(Text text) {
  next_argument_ = arguments_;
  put(text);
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

void Output::put(Text text) {
  const char* at = texts;
  for (int skip = static_cast<int>(text); skip > 0; --skip) at += plan::length_until(at, 0) + 1;
  for (; *at; ++at) {
    if (*at == '%') {
      sign(*++at);
    } else {
      put(*at);
    }
  }
}

void Output::sign(char letter) {
  if (letter == '%') return put(letter);
  const long argument = *next_argument_++;
  switch (letter) {
    case 's': return string(reinterpret_cast<const char*>(argument));
    case 'd': return number(static_cast<uint64_t>(argument), 10);
    case 'x':
      if (argument) put('0');
      if (argument) put('x');
      return number(static_cast<uint64_t>(argument), 16);
    case 'e': return error(argument);
    default: return put(static_cast<Text>(argument));
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
    if (known == number) return put(text);
    text = text + 1;
  }
  say(Text::unknown_errno, number);
}

}  // namespace mountc::run
