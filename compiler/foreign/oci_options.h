// compiler/foreign/oci_options.h - what the options of an OCI mount mean in a layout. Internal
// to foreign/.
#pragma once

#include <string>
#include <vector>

namespace mountc {

struct OciOptions {
  bool bind = false, recursive_bind = false;
  bool id_map = false, recursive_id_map = false;
  bool shared = false;                     // a filesystem of its own: in a new group
  std::vector<std::string> attributes;     // as in a layout
  std::vector<std::string> of_filesystem;  // go to it as they are
  std::vector<std::string> unsaid;         // a layout has nothing for them
};

// `is_bind`: the type says so.
OciOptions read_oci_options(const std::vector<std::string>& options, bool is_bind);

}  // namespace mountc
