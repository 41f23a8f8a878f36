#include <adgenome/creative/text_match.hpp>
#include <adgenome/creative/whole_reading.hpp>
#include <algorithm>
#include <numeric>

namespace adgenome::creative {
namespace {

// From this error rate on words are others, not the text misread. A short text is soon like any
// word.
constexpr double kOtherText = 0.6;
constexpr double kOtherShortText = 0.4;
constexpr std::size_t kShort = 12;  // letters

// A text may be split, with something small read in between.
constexpr std::size_t kFarthestBlock = 3;

// What is said of words that nobody asked for needs more certainty than that they were read.
constexpr double kSureConfidence = 80;
constexpr std::size_t kLeastLetters = 3;

struct Word {
  std::string text;
  std::size_t block = 0;
  bool is_used = false;
};

std::string joined(std::span<Word* const> words) {
  std::string text;
  for (const Word* word : words) text += (text.empty() ? "" : " ") + word->text;
  return text;
}

std::string without_blanks(std::span<const std::string> words) {
  return std::accumulate(words.begin(), words.end(), std::string());
}

double error_rate(const std::string& expected, const WordMatch& match, const std::string& read) {
  // Words that run together, or apart, are the reader's.
  return without_blanks(words_of(read)) == expected ? 0 : match.character_error_rate;
}

struct Run {
  std::vector<Word*> words;
  WordMatch match;
  double error_rate = 2;
};

// The best run of words that stand together in `words`.
void find_run(const ExpectedText& text, std::span<Word* const> words, Run& best) {
  const std::vector<std::string> expected = words_of(text.text);
  const std::string letters = without_blanks(expected);
  for (std::size_t first = 0; first < words.size(); ++first) {
    std::size_t read_letters = 0;
    for (std::size_t end = first + 1; end <= words.size(); ++end) {
      read_letters += words[end - 1]->text.size();
      if (read_letters > letters.size() * 3 / 2 + 1) break;
      const auto run = words.subspan(first, end - first);
      const std::string read = joined(run);
      WordMatch match = match_words(text.text, read);
      const double rate = error_rate(letters, match, read);
      if (rate < best.error_rate) best = {{run.begin(), run.end()}, std::move(match), rate};
    }
  }
}

Run find_run(const ExpectedText& text, std::vector<std::vector<Word>>& blocks) {
  Run best;
  Run in_two;
  const auto unused = [](std::vector<Word>& block, std::vector<Word*>& words) {
    for (Word& word : block) {
      if (!word.is_used) words.push_back(&word);
    }
  };
  for (std::size_t upper = 0; upper < blocks.size(); ++upper) {
    std::vector<Word*> alone;
    unused(blocks[upper], alone);
    find_run(text, alone, best);
    const std::size_t last = std::min(blocks.size() - 1, upper + kFarthestBlock);
    for (std::size_t lower = upper + 1; lower <= last; ++lower) {
      std::vector<Word*> both = alone;
      unused(blocks[lower], both);
      find_run(text, both, in_two);
    }
  }
  // Words of the next block stand for those that a text lacks only where they are its own.
  const bool is_split = in_two.error_rate < best.error_rate &&
                        in_two.match.missing.size() < best.match.missing.size();
  return is_split ? in_two : best;
}

bool is_like(const ExpectedText& text, const Run& run) {
  const std::size_t letters = without_blanks(words_of(text.text)).size();
  return run.error_rate <= (letters < kShort ? kOtherShortText : kOtherText);
}

void take_run(const Run& run, std::span<const ReadBlock> blocks, FoundText& found) {
  found.read = joined(run.words);
  found.character_error_rate = run.error_rate;
  found.confidence = 100;
  std::size_t block = blocks.size();
  for (Word* word : run.words) {
    if (word->block != block) {
      block = word->block;
      found.boxes.push_back(blocks[block].box);
    }
    word->is_used = true;
    found.confidence = std::min(found.confidence, blocks[word->block].confidence);
  }
  found.missing = run.error_rate == 0 ? std::vector<std::string>{} : run.match.missing;
  found.extra = run.error_rate == 0 ? std::vector<std::string>{} : run.match.extra;
}

// The text that is read best takes its words first, of equals the longer one: what is left is then
// for those that are read badly.
void find_texts(std::span<const ReadBlock> blocks, std::vector<std::vector<Word>>& words,
                std::vector<FoundText>& texts) {
  while (true) {
    FoundText* next = nullptr;
    Run run;
    for (FoundText& text : texts) {
      if (text.read || has_other_script(text.expected.text)) continue;
      Run own = find_run(text.expected, words);
      if (!is_like(text.expected, own)) continue;
      if (own.error_rate < run.error_rate ||
          (own.error_rate == run.error_rate &&
           text.expected.text.size() > next->expected.text.size())) {
        next = &text;
        run = std::move(own);
      }
    }
    if (!next) return;
    take_run(run, blocks, *next);
  }
}

bool is_known(const std::string& word, std::span<const std::string> known) {
  return std::ranges::any_of(known, [&](const std::string& each) {
    return 5 * edit_distance(word, each) <= std::max(word.size(), each.size());
  });
}

}  // namespace

WholeReading match_blocks(std::span<const ExpectedText> expected, std::span<const ReadBlock> blocks,
                          std::span<const std::string> known) {
  std::vector<std::vector<Word>> words(blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    for (std::string& word : words_of(blocks[i].text)) words[i].push_back({std::move(word), i});
  }
  WholeReading reading;
  for (const ReadBlock& block : blocks) reading.blocks.push_back(block.text);
  for (const ExpectedText& text : expected) {
    reading.texts.push_back(
        {.expected = text, .read = {}, .missing = words_of(text.text), .extra = {}, .boxes = {}});
  }
  find_texts(blocks, words, reading.texts);
  std::vector<std::string> known_words;
  const auto know = [&](const std::string& text) {
    for (std::string& word : words_of(text)) known_words.push_back(std::move(word));
  };
  for (const ExpectedText& text : expected) know(text.text);
  for (const std::string& text : known) know(text);
  for (const std::vector<Word>& block : words) {
    for (const Word& word : block) {
      if (word.is_used || word.text.size() < kLeastLetters ||
          blocks[word.block].confidence < kSureConfidence || is_known(word.text, known_words)) {
        continue;
      }
      reading.others.push_back(word.text);
    }
  }
  return reading;
}

}  // namespace adgenome::creative
