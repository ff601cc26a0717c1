// runtime/pack/main.cc - the program that packs mountrun: `pack IMAGE PACKED`. Before what is
// packed it writes how much room that takes when it is unpacked, for the ELF headers
// (runtime/headers.S).
#include <cstdio>
#include <fstream>
#include <iterator>

#include "runtime/pack/pack.h"
#include "runtime/unpack.h"

using mountc::pack::Bytes;

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: pack IMAGE PACKED\n", stderr);
    return 2;
  }
  std::ifstream in(argv[1], std::ios::binary);
  const Bytes image{std::istreambuf_iterator<char>(in), {}};
  const Bytes packed = mountc::pack::packed(image);
  if (image.empty() || mountc::pack::unpacked(packed, image.size()) != image) {
    std::fprintf(stderr, "pack: cannot pack `%s`\n", argv[1]);
    return 1;
  }
  std::ofstream out(argv[2], std::ios::binary);
  const uint64_t room = image.size() + mountc::pack::slack;
  out.write(reinterpret_cast<const char*>(&room), sizeof room);
  out.write(reinterpret_cast<const char*>(packed.data()), static_cast<long>(packed.size()));
  out.close();
  if (out) return 0;
  std::fprintf(stderr, "pack: cannot write `%s`\n", argv[2]);
  return 2;
}
