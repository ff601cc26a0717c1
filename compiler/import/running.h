// compiler/import/running.h - the mounts of a running namespace, as text of mountinfo.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mountc {

// A line that stands before the mounts, with their number, when there are such.
inline constexpr std::string_view out_of_reach_line = "# out of reach: ";

// Asks statmount(2), without entering the namespace of the file. `root` is a descriptor of a
// process's root directory, and what can be reached from it is told; -1: the whole namespace.
// The lines are those of mountinfo, with two optional fields more, `uidmap:` and `gidmap:`, of
// FIRST:OTHER:COUNT,... for mounts with an id map.
//
// nullopt: the kernel does not tell all of it, does not tell it to the caller, or there are
// more mounts than `mounts_max`.
std::optional<std::string> ask_for_mounts(int namespace_file, int root, size_t mounts_max);

// A process's mounts, as it sees them. nullopt: errno says why.
std::optional<std::string> read_process(const std::string& pid);

// The mounts of the namespace of a file: all, or what a process sees that enters it. `proc` is
// a descriptor of /proc. nullopt: errno says why.
std::optional<std::string> read_namespace(int namespace_file, int proc);

}  // namespace mountc
