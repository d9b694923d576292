/**
 * What is asked of the device, and what submits it.
 *
 * <p>{@link bench.workload.Job} is what fio calls a job, on an area of the device with keys. {@link
 * bench.workload.WorkloadRun} runs jobs in virtual time; their I/Os are made one by one as they are
 * submitted, so that any number of them takes the same memory. Until a {@link
 * bench.workload.PowerCut}, all writes are remembered, to know what may be left. {@link
 * bench.workload.ExtentWorkload} is a sequence of I/Os made before they run, for experiments that
 * need to know the future.
 *
 * <p>Chance comes from seeds, through algorithms that are specified and integer tables, so that a
 * seed means the same I/Os on every machine. The wall clock is handed in. Touches {@code blockdev}
 * and {@code inlinecrypt}; knows nothing of experiments and reports.
 */
@NullMarked
package bench.workload;

import org.jspecify.annotations.NullMarked;
