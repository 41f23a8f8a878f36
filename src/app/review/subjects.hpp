#pragma once

#include <adgenome/app/review.hpp>
#include <adgenome/store/reviews.hpp>
#include <vector>

#include "reviewer.hpp"

namespace adgenome::app {

/// An ad that was asked for, with everything that its review is computed from.
struct WantedAd {
  store::AdForReview ad;
  ReviewSubject subject;
};

/// The file of an ad's picture: where `generate` puts them, or where its --images named a folder
/// from where it stood.
std::string picture_file(const store::Session& session, const std::string& path);

/// The ads that a request names, in its order. Throws InvalidInput for a batch or ad that is not
/// there. Attempts that failed are counted, there is nothing to review.
std::vector<WantedAd> wanted_ads(store::Session& session, const store::Brand& brand,
                                 const ReviewRequest& request, std::int64_t& not_generated);

}  // namespace adgenome::app
