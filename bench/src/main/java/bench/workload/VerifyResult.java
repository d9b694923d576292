package bench.workload;

import org.jspecify.annotations.Nullable;

/**
 * What comparing with what was written came to.
 *
 * @param unitBytes what is compared at a time
 * @param comparedUnits by reads of jobs and by reading all back at the end
 * @param firstMismatch null if there is none
 */
public record VerifyResult(
    int unitBytes, long comparedUnits, long mismatches, @Nullable String firstMismatch) {}
