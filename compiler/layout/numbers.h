// compiler/layout/numbers.h - numbers in the options of filesystems.
#pragma once

#include <optional>
#include <string_view>

namespace mountc {

// What the value of the option should be and is not: "size", "octal mode"; nullopt: nothing is
// wrong with it as far as its text tells.
std::optional<std::string_view> wrong_number(std::string_view type, std::string_view key,
                                             std::string_view value);

}  // namespace mountc
