// compiler/layout/paths.h - paths as texts; nothing here looks at a file system.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mountc {

// Calls `each` with every component that is not empty.
template <typename Each>
void for_components(std::string_view path, Each each) {
  size_t begin = 0;
  while (begin <= path.size()) {
    size_t end = path.find('/', begin);
    if (end == std::string_view::npos) end = path.size();
    if (end > begin) each(path.substr(begin, end - begin));
    begin = end + 1;
  }
}

// Empty and `.` components taken away; a leading slash is kept, a trailing one is not. "/" stays.
std::string normalise(std::string_view path);

// Does `path` have a component `..`?
bool has_dotdot(std::string_view path);

// Is `inner` equal to `outer` or below it? Both normalised, both absolute or both relative
// ("" is the top of relative paths).
bool is_within(std::string_view inner, std::string_view outer);

// The rest of `inner` below `outer`, without a leading slash; is_within(inner, outer).
std::string_view rest_below(std::string_view inner, std::string_view outer);

// Two normalised paths joined; either may be empty.
std::string join(std::string_view head, std::string_view tail);

// The longest common ancestor, whole components only.
std::string_view common_ancestor(std::string_view a, std::string_view b);

std::string_view parent_of(std::string_view path);  // "a/b/c" -> "a/b", "a" -> "", "/a" -> "/"
std::string_view name_of(std::string_view path);    // "a/b/c" -> "c"
int depth_of(std::string_view path);                // number of components
size_t longest_name(std::string_view path);         // the bytes of its longest component

}  // namespace mountc
