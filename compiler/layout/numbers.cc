// compiler/layout/numbers.cc - numbers in the options of filesystems.
#include "compiler/layout/numbers.h"

#include <cstdint>

namespace mountc {
namespace {

enum class Form : uint8_t { size, share, octal, number };

struct Number {
  std::string_view type, key;
  Form form;
};

constexpr Number numbers[] = {
#define NUMBER(type, key, form) {#type, #key, Form::form},
#include "compiler/layout/numbers.def"
};

bool is_digits(std::string_view text, std::string_view digits) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

constexpr std::string_view octal = "01234567", decimal = "0123456789",
                           hexadecimal = "0123456789abcdefABCDEF";

// As the kernel reads a number whose base is not given (Linux lib/kstrtox.c).
bool is_number(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X"))
    return is_digits(text.substr(2), hexadecimal);
  return is_digits(text, text.starts_with('0') ? octal : decimal);
}

bool is_size(std::string_view text) {
  if (is_number(text)) return true;  // a hexadecimal one may end in E
  constexpr std::string_view units = "KMGTPEkmgtpe";
  if (text.empty() || units.find(text.back()) == std::string_view::npos) return false;
  return is_number(text.substr(0, text.size() - 1));
}

bool is_share(std::string_view text) {
  return is_size(text.substr(0, text.size() - (text.ends_with('%') ? 1 : 0)));
}

}  // namespace

std::optional<std::string_view> wrong_number(std::string_view type, std::string_view key,
                                             std::string_view value) {
  for (const Number& number : numbers) {
    if (number.type != type || number.key != key) continue;
    switch (number.form) {
      case Form::size:
        if (!is_size(value)) return "size";
        break;
      case Form::share:
        if (!is_share(value)) return "size";
        break;
      case Form::octal:
        if (!is_digits(value, octal)) return "octal mode";
        break;
      case Form::number:
        if (!is_number(value)) return "number";
        break;
    }
  }
  return std::nullopt;
}

}  // namespace mountc
