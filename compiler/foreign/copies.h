// compiler/foreign/copies.h - namespaces that begin as unshare(1) leaves them.
#pragma once

#include <string>

namespace mountc {

// Of a layout's text: a namespace whose root is all that the caller has, is a copy of the caller's.
std::string with_copies(const std::string& layout);

}  // namespace mountc
