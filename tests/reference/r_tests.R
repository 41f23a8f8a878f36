# Reference numbers of base R for the module stats: rank tests, means, rates, pooled tables, adjusted p-values, power.
#
# usage: Rscript r_tests.R > r_tests.json

set.seed(20261201)

number <- function(x) if (is.nan(x) || is.na(x)) "null" else sprintf("%.17g", x)
numbers <- function(x) paste0("[", paste(vapply(x, number, ""), collapse = ", "), "]")
object <- function(...) {
  parts <- list(...)
  paste0("{", paste(sprintf("\"%s\": %s", names(parts), unlist(parts)), collapse = ", "), "}")
}
text <- function(x) paste0("\"", x, "\"")
list_of <- function(cases) paste0("[\n  ", paste(cases, collapse = ",\n  "), "\n ]")

# Two samples: tiny, unequal, without overlap, tied, huge and minute values.
samples <- list()
pair <- function(name, control, variant) samples[[length(samples) + 1]] <<- list(name, control, variant)
for (sizes in list(c(2, 2), c(2, 9), c(3, 5), c(5, 5), c(7, 4), c(12, 15), c(20, 20), c(29, 30))) {
  pair(sprintf("normal, %d and %d", sizes[1], sizes[2]), round(rnorm(sizes[1]), 3), round(rnorm(sizes[2], 0.5), 4))
}
for (sizes in list(c(40, 60), c(100, 31), c(200, 200), c(5, 300))) {
  pair(sprintf("exponential, %d and %d", sizes[1], sizes[2]), round(rexp(sizes[1]), 4), round(rexp(sizes[2], 0.8), 5))
}
for (levels in c(2, 3, 5, 10)) {
  pair(sprintf("%d levels", levels), sample(0:levels, 35, replace = TRUE), sample(0:levels, 45, replace = TRUE))
}
pair("rare successes", c(1, rep(0, 99)), c(rep(1, 6), rep(0, 114)))
pair("no overlap", 1:10 / 10, 5 + 1:12 / 10)
pair("no overlap, large", as.numeric(1:400), as.numeric(1001:1500))
pair("one value an arm", 1, 2)
pair("one value against many", 3.5, as.numeric(1:20))
pair("one arm all tied", rep(2, 12), round(rnorm(15, 2.2), 2))
pair("minute values", round(rexp(14), 3) * 2^-200, round(rexp(11), 4) * 2^-200)
pair("huge values", round(rnorm(14), 3) * 2^200, round(rnorm(11), 4) * 2^200)
pair("nearly equal values", 1e9 + 1:16 / 64, 1e9 + 0.5 + 1:17 / 128)

ranks <- vapply(samples, function(s) {
  control <- s[[2]]
  variant <- s[[3]]
  normal <- suppressWarnings(wilcox.test(control, variant, exact = FALSE, correct = TRUE))
  tied <- anyDuplicated(c(control, variant)) > 0
  exact <- if (tied || length(control) + length(variant) > 60) NA else wilcox.test(control, variant, exact = TRUE)$p.value
  shift <- c(NA, NA)
  # The interval between ordered differences, of tests that are exact; R gives none where it cannot be had.
  if (!is.na(exact) && min(length(control), length(variant)) > 3) {
    shift <- wilcox.test(variant, control, exact = TRUE, conf.int = TRUE)$conf.int
  }
  object(name = text(s[[1]]), control = numbers(control), variant = numbers(variant), u_control = number(normal$statistic),
         p_asymptotic = number(normal$p.value), p_exact = number(exact), shift_interval = numbers(shift))
}, "")

means <- vapply(Filter(function(s) length(s[[2]]) > 1 && length(s[[3]]) > 1, samples), function(s) {
  welch <- t.test(s[[3]], s[[2]])
  object(name = text(s[[1]]), control = numbers(s[[2]]), variant = numbers(s[[3]]), t = number(welch$statistic),
         df = number(welch$parameter), p_value = number(welch$p.value), interval = numbers(welch$conf.int))
}, "")

rates <- vapply(list(c(1, 10, 3, 12), c(0, 20, 5, 25), c(20, 20, 15, 21), c(100, 500, 150, 500), c(3, 100000, 19, 120000),
                     c(51234, 1e6, 51999, 1e6), c(1, 3, 2, 1000), c(499999, 1e6, 500001, 1e6), c(1e8, 2e9, 1.0001e8, 2e9),
                     c(9, 10, 1, 10)), function(x) {
  test <- suppressWarnings(prop.test(x[c(3, 1)], x[c(4, 2)], correct = FALSE))
  object(control = numbers(x[1:2]), variant = numbers(x[3:4]), chi_squared = number(test$statistic),
         p_value = number(test$p.value))
}, "")

tables <- vapply(1:30, function(i) {
  strata <- (i - 1) %% 6 + 1
  most <- c(4, 30, 1000, 1e6)[(i - 1) %% 4 + 1]
  repeat {
    cells <- array(as.numeric(sample(0:most, 4 * strata, replace = TRUE)), dim = c(2, 2, strata))
    informative <- apply(cells, 3, function(t) all(rowSums(t) > 0, colSums(t) > 0))
    if (all(informative) && sum(apply(cells, 3, function(t) t[1, 2] * t[2, 1])) > 0 &&
        sum(apply(cells, 3, function(t) t[1, 1] * t[2, 2])) > 0) break
  }
  # One stratum is given twice: R wants at least two, and the test of one is not the same.
  if (strata == 1) cells <- array(c(cells, cells), dim = c(2, 2, 2))
  plain <- mantelhaen.test(cells, correct = FALSE)
  corrected <- mantelhaen.test(cells, correct = TRUE)
  list <- apply(cells, 3, function(t) sprintf("[[%.0f, %.0f], [%.0f, %.0f]]", t[1, 1], t[1, 2], t[2, 1], t[2, 2]))
  object(tables = paste0("[", paste(list, collapse = ", "), "]"), odds_ratio = number(plain$estimate),
         interval = numbers(plain$conf.int), chi_squared = number(plain$statistic), p_value = number(plain$p.value),
         p_corrected = number(corrected$p.value))
}, "")

adjusted <- vapply(list(0.04, c(0.01, 0.04), c(0.04, 0.01, 0.03, 0.005), c(1, 1, 1), c(0, 0.5, 0.5, 1e-300),
                        round(runif(50), 5), round(runif(200)^4, 9)), function(p) {
  object(p_values = numbers(p), benjamini_hochberg = numbers(p.adjust(p, "BH")), holm = numbers(p.adjust(p, "holm")))
}, "")

splits <- vapply(list(c(50, 50, 0.5), c(480, 520, 0.5), c(500, 500, 0.4), c(99000, 101000, 0.5), c(1, 30, 0.9), c(0, 9, 0.5), c(14, 0, 0.3), c(9, 32, 0.5), c(3, 5, 0.25), c(400100, 600000, 0.6)), function(x) {
  test <- suppressWarnings(chisq.test(x[1:2], p = c(1 - x[3], x[3])))
  object(observed = numbers(x[1:2]), split = number(x[3]), chi_squared = number(test$statistic),
         p_value = number(test$p.value),
         exact_p_value = number(binom.test(x[2], sum(x[1:2]), x[3])$p.value))
}, "")

powers <- vapply(list(c(5, 1, 0.05), c(20, 0.5, 0.05), c(64, 0.5, 0.05), c(200, 0.2, 0.01), c(1000, 0.1, 0.1)), function(x) {
  power <- power.t.test(n = x[1], delta = x[2], sd = 1, sig.level = x[3], strict = TRUE)$power
  object(n = number(x[1]), effect = number(x[2]), alpha = number(x[3]), power = number(power))
}, "")

cat("{\"source\": ", text(R.version.string), sprintf(",\n \"%s\": %s",
    c("ranks", "means", "rates", "tables", "adjusted", "splits", "powers"),
    vapply(list(ranks, means, rates, tables, adjusted, splits, powers), list_of, "")), "\n}\n", sep = "")
