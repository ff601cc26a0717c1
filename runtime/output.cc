// runtime/output.cc - the buffer, numbers and quoting, and the names of errnos.
#include "runtime/output.h"

#include "runtime/kernel.h"

namespace mountc::run {

Output& Output::put(char c) {
  if (used_ == sizeof buffer_) flush();
  buffer_[used_++] = c;
  return *this;
}

Output& Output::text(const char* text) {
  while (*text) put(*text++);
  return *this;
}

Output& Output::decimal(uint64_t value, int width) {
  char digits[20];
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value);
  for (int i = count; i < width; ++i) put(' ');
  while (count) put(digits[--count]);
  return *this;
}

Output& Output::octal(uint32_t value) {
  put('0');
  int shift = 30;
  while (shift > 0 && !(value >> shift)) shift -= 3;
  for (; shift >= 0 && value; shift -= 3) put(static_cast<char>('0' + (value >> shift & 7)));
  return *this;
}

Output& Output::quoted(const char* text) {
  put('"');
  for (; *text; ++text) {
    const unsigned char c = static_cast<unsigned char>(*text);
    if (c == '\\' || c == '"') {
      put('\\').put(*text);
    } else if (c == '\n') {
      this->text("\\n");
    } else if (c == '\t') {
      this->text("\\t");
    } else if (c < 0x20 || c == 0x7f) {
      this->text("\\x").put("0123456789abcdef"[c >> 4]).put("0123456789abcdef"[c & 15]);
    } else {
      put(*text);
    }
  }
  return put('"');
}

void Output::flush() {
  if (used_ && options_.write) options_.write(options_.context, buffer_, used_);
  used_ = 0;
}

namespace {

constexpr uint8_t errno_numbers[] = {
#define ERRNO(number, name, text) number,
#include "runtime/errnos.def"
};
// The name and the text of each.
constexpr char errno_names[] =
#define ERRNO(number, name, text) #name "\0" text "\0"
#include "runtime/errnos.def"
    ;

// Empty when errnos.def does not list it.
const char* find(long error) {
  const char* name = errno_names;
  for (const uint8_t number : errno_numbers) {
    if (number == error) break;
    name = plan::after(plan::after(name));
  }
  return name;
}

}  // namespace

void print_errno(Output& out, long error) {
  if (const char* name = find(error); *name) {
    out.text(name);
  } else {
    out.text("errno ").decimal(static_cast<uint64_t>(error));
  }
}

const char* errno_text(long error) {
  const char* name = find(error);
  return *name ? plan::after(name) : "the kernel gave it no name that is known here";
}

}  // namespace mountc::run
