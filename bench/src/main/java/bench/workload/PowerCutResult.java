package bench.workload;

import org.jspecify.annotations.Nullable;

/**
 * What was found on the medium after power had been cut.
 *
 * @param afterIos I/Os that had ended
 * @param atNs when it was cut, in virtual time
 * @param unitBytes what is checked at a time
 * @param checkedUnits that were ever written
 * @param unflushedUnits of them: a loss of power could change them
 * @param olderUnits of them: hold something older than the newest write, as they may
 * @param wrongUnits hold what they must not
 * @param firstWrong what the first of those is, or null; or which read failed
 */
public record PowerCutResult(
    long afterIos,
    long atNs,
    int unitBytes,
    long checkedUnits,
    long unflushedUnits,
    long olderUnits,
    long wrongUnits,
    @Nullable String firstWrong) {}
