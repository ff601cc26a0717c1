// compiler/tool/memory.cc - operators new and delete are those of mimalloc: of millions of small
// strings and nodes they make a large layout's compilation faster by a third.
#include "compiler/tool/memory.h"

#ifdef MOUNTC_MIMALLOC
#include <mimalloc-new-delete.h>
#include <mimalloc.h>
#endif

namespace mountc::tool {

void expect_text([[maybe_unused]] std::size_t bytes) {
#ifdef MOUNTC_MIMALLOC
  constexpr std::size_t large = 1 << 20;
  if (bytes >= large) mi_option_enable(mi_option_large_os_pages);
#endif
}

}  // namespace mountc::tool
