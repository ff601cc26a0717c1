// compiler/snapshot/option_values.h - whether two texts are one value of a superblock option.
// Internal to snapshot/.
#pragma once

#include <string>
#include <string_view>

namespace mountc {

// Behind a number of pages, which nr_blocks of a tmpfs is.
inline constexpr std::string_view in_pages = " pages";

// `64M` is `65536k`, 0755 is 755, hidepid=2 is `invisible`, and what only the machine knows,
// such as `size=10%`, is anything that it shows: `read` says that one of the two is what a
// kernel shows, and the other one what it was given.
bool is_same_value(std::string_view type, std::string_view key, std::string_view first,
                   std::string_view second, bool read);

// The machine makes a number of it that nobody else knows.
bool is_of_machine(std::string_view type, std::string_view key, std::string_view value);

}  // namespace mountc
