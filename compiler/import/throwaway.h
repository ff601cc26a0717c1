// compiler/import/throwaway.h - a mount namespace to be thrown away. Internal to import/.
#pragma once

#include <functional>
#include <string>

namespace mountc {

// Leaves for a copy of the caller's mount namespace in which what is mounted stays inside. What
// was shared is shared again, as a slave of what it was: the copies look as the originals do to
// plans that join groups or that attach below shared mounts. The errno, or 0.
int enter_throwaway_namespace();

// All that can be read at `path`, relative to a directory's descriptor.
bool read_whole(int directory, const char* path, std::string& text);

// What a child reads after it has entered the namespace of this file. false: errno says why.
bool inside(int namespace_file, const std::function<bool(std::string&)>& read,
            std::string& text);

// Writes all of it. false: errno says why.
bool write_whole(int fd, const std::string& text);

}  // namespace mountc
