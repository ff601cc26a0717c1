// compiler/diag/json_string.h - a text as a string of JSON.
#pragma once

#include <string>
#include <string_view>

namespace mountc {

// With its quotes. JSON is UTF-8: a byte that is not becomes U+FFFD. Where such bytes matter,
// give it printable(text).
std::string json_string(std::string_view text);

}  // namespace mountc
