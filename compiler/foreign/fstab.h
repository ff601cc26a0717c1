// compiler/foreign/fstab.h - the lines of an fstab(5) as the commands that mount them.
#pragma once

#include <string>
#include <vector>

namespace mountc {

bool looks_like_fstab(const std::string& text);

// A script with a `mount -t TYPE -o OPTIONS SOURCE TARGET` on each line that mounts something,
// in the place of the line. What is not mounted is told in `remarks`.
std::string commands_of_fstab(const std::string& text, std::vector<std::string>& remarks);

}  // namespace mountc
