// compiler/import/throwaway.h - a mount namespace to be thrown away. Internal to import/.
#pragma once

#include <string>

namespace mountc {

// Leaves for a copy of the caller's mount namespace in which what is mounted stays inside. What
// was shared is shared again, as a slave of what it was: the copies look as the originals do to
// plans that join groups or that attach below shared mounts. The errno, or 0.
int enter_throwaway_namespace();

// All that can be read at `path`, relative to a directory's descriptor.
bool read_whole(int directory, const char* path, std::string& text);

// What mountinfo says in the namespace of this file, read by a child that enters it; `proc` is
// a descriptor of /proc. false: errno says why.
bool read_inside(int namespace_file, int proc, std::string& text);

// Writes all of it. false: errno says why.
bool write_whole(int fd, const std::string& text);

}  // namespace mountc
