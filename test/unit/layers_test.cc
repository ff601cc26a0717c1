// test/unit/layers_test.cc - a file includes its own layer and those to its left, no others.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;
using Folders = std::set<std::string>;

// Folder: what it may include besides itself. `<pegtl>` stands for the parser library.
const std::map<std::string, Folders> layers = [] {
  std::map<std::string, Folders> may = {
      {"runtime", {}}, {"runtime/pack", {"runtime"}}, {"grammar", {"<pegtl>"}}};
  Folders left = {"compiler/source", "compiler/diag"};
  may["compiler/source"] = {};
  may["compiler/diag"] = {"compiler/source"};
  may["compiler/syntax"] = {"compiler/source", "compiler/diag", "grammar", "<pegtl>"};
  left.insert({"compiler/syntax", "runtime"});
  may["compiler/layout"] = left;
  left.insert("compiler/layout");
  for (const char* sibling : {"compiler/check", "compiler/kernel", "compiler/lower"}) {
    may[sibling] = left;
    may[sibling].erase("compiler/syntax");  // they never see text
  }
  left.insert({"compiler/check", "compiler/kernel", "compiler/lower"});
  for (const char* next : {"compiler/front", "compiler/explain", "compiler/validate",
                           "compiler/plan", "compiler/snapshot", "compiler/import",
                           "compiler/preview", "compiler/foreign", "compiler/tool"}) {
    may[next] = left;
    left.insert(next);
  }
  may["compiler/foreign"].insert("<pegtl>");  // for JSON
  return may;
}();

// The folder that an #include names: its own files by their path from the top, PEGTL, or none.
std::string folder_of(const std::string& include) {
  if (include.starts_with("<tao/pegtl")) return "<pegtl>";
  return include[0] == '"' ? fs::path(include.substr(1)).parent_path().string() : "";
}

template <typename Each>
void for_each_source(const fs::path& folder, Each each) {
  if (!fs::exists(folder)) return;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension == ".h" || extension == ".cc" || extension == ".def") each(entry.path());
  }
}

template <typename Each>
void for_each_include(const fs::path& file, Each each) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::erase(line, ' ');
    if (!line.starts_with("#include")) continue;
    const std::size_t begin = line.find_first_of("\"<");
    if (begin == std::string::npos) continue;
    each(line.substr(begin, line.find_first_of("\">", begin + 1) - begin));
  }
}

const fs::path top = MOUNTC_SOURCE_DIR;

TEST(Layers, IncludeOnlyWhatLiesToTheLeft) {
  int seen = 0;
  for (const auto& layer : layers) {
    Folders allowed = layer.second;
    allowed.insert(layer.first);
    for_each_source(top / layer.first, [&](const fs::path& file) {
      for_each_include(file, [&](const std::string& include) {
        const std::string used = folder_of(include);
        EXPECT_TRUE(used.empty() ? include[0] == '<' : allowed.contains(used))
            << fs::relative(file, top) << " includes " << include.substr(1);
        ++seen;
      });
    });
  }
  EXPECT_GT(seen, 100);
}

TEST(Layers, EveryFolderHasItsLayer) {
  for (const auto& entry : fs::directory_iterator(top / "compiler")) {
    if (!entry.is_directory()) continue;
    EXPECT_TRUE(layers.contains("compiler/" + entry.path().filename().string()))
        << entry.path();
  }
}

TEST(Layers, RuntimeIsFreestanding) {
  const Folders headers = {"<stddef.h", "<stdint.h", "<stdarg.h"};
  for_each_source(top / "runtime", [&](const fs::path& file) {
    for_each_include(file, [&](const std::string& include) {
      if (include[0] != '<') return;
      EXPECT_TRUE(headers.contains(include)) << fs::relative(file, top) << ": " << include;
    });
  });
}

TEST(Layers, EveryFileSaysWhatItIsFor) {
  for (const auto& [folder, allowed] : layers) {
    for_each_source(top / folder, [&, name = folder](const fs::path& file) {
      std::string line;
      std::getline(std::ifstream(file), line);
      EXPECT_TRUE(line.starts_with("// " + name + "/" + file.filename().string() + " - "))
          << file;
    });
  }
}

}  // namespace
