#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/ingest/npy.hpp>
#include <sstream>
#include <vector>

using namespace adgenome;

namespace {

core::Input input_of(const std::string& bytes) {
  return {"rows.npy", std::make_unique<std::istringstream>(bytes)};
}

/// An .npy file with this header dict and these rows.
template <class Real>
std::string npy(const std::string& dict, const std::vector<Real>& values, char version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += version;
  bytes += '\0';
  const std::string header = dict + "\n";
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
    bytes += static_cast<char>((header.size() >> (8 * i)) & 0xff);
  }
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Real));
  return bytes;
}

std::string dict(const std::string& type, const std::string& shape, const char* fortran = "False") {
  return "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }";
}

std::string refusal_of(const std::string& bytes) {
  try {
    ingest::NpyReader reader(input_of(bytes));
    std::vector<float> row(static_cast<std::size_t>(reader.header().columns));
    while (reader.next(std::span<float>(row))) {
    }
  } catch (const core::InvalidInput& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("npy: rows of both types and all versions") {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  for (const char version : {char{1}, char{2}, char{3}}) {
    ingest::NpyReader reader(input_of(npy(dict("<f4", "(2, 3)"), values, version)));
    CHECK(!reader.header().is_double);
    CHECK(reader.header().rows == 2);
    std::vector<float> row(3);
    REQUIRE(reader.next(std::span<float>(row)));
    REQUIRE(reader.next(std::span<float>(row)));
    CHECK(row == std::vector<float>{4, 5, 6});
    CHECK(!reader.next(std::span<float>(row)));
  }
  ingest::NpyReader reader(input_of(npy(dict("<f8", "(1, 2)"), std::vector<double>{0.1, 0.2})));
  CHECK(reader.header().is_double);
  std::vector<double> row(2);
  REQUIRE(reader.next(std::span<double>(row)));
  CHECK(row == std::vector<double>{0.1, 0.2});
}

TEST_CASE("npy: what is not such a matrix is refused, by name") {
  const std::vector<float> values = {1, 2, 3, 4};
  CHECK(refusal_of(npy(dict("<f4", "(2, 2)"), values)) == "");
  CHECK(refusal_of(npy(dict("<f4", "(0, 2)"), std::vector<float>{})) == "");
  CHECK(refusal_of("") == "the file ends within its header");
  CHECK(refusal_of("id,x,y\n1,2,3\n") == "this is not an .npy file");
  CHECK(refusal_of(npy(dict(">f4", "(2, 2)"), values)) ==
        "expected numbers of type float32 or float64, found '>f4'");
  CHECK(refusal_of(npy(dict("<f4", "(2, 2)", "True"), values)) ==
        "expected rows one after the other (C order)");
  CHECK(refusal_of(npy(dict("<f4", "(4,)"), values)) == "expected a matrix, found 1 dimensions");
  CHECK(refusal_of(npy(dict("<f4", "(2, x)"), values)) == "the header has no shape");
  CHECK(refusal_of(npy(dict("<f4", "(2, 0)"), values)) == "the vectors have no dimensions");
  CHECK(refusal_of(npy(dict("<f4", "(3, 2)"), values)) == "the file ends in row 2 of 3");
  CHECK(refusal_of(npy(dict("<f4", "(1, 2)"), values)) == "the file goes on behind its 1 rows");
  CHECK(refusal_of(npy(dict("<f4", "(2, 2)"), values, 9)) == "this version of .npy is not known");
}
