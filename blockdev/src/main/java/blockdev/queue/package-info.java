/**
 * The block layer: from a submitted bio to a request that a driver can issue. Submission checks,
 * splitting to the device's limits, plugging and merging, tags, and the keyslot that a request
 * holds from its allocation until just before its bios end.
 *
 * <p>Rules and order are Linux's (blk-mq with blk-crypto as of the 2026 series: {@code
 * block/blk-mq.c}, {@code block/blk-crypto.c}, {@code block/blk-merge.c}). Touches {@code bio},
 * {@code memory}, {@code sim}, {@code trace}, {@code inlinecrypt} and {@code inlinecrypt.keyslot};
 * declares {@link blockdev.queue.BlockDriver}, which a driver below implements. A bio whose context
 * the device does not support ends with {@code NOTSUPP}: the software fallback stands above, in
 * {@code blockdev.queue.crypto}. Beside the way of bios stand what a user sees and calls: {@link
 * blockdev.queue.CryptoSysfs} and {@link blockdev.queue.KeyIoctls}.
 *
 * <p>Where this differs from Linux on purpose:
 *
 * <ul>
 *   <li>Nothing sleeps. A bio without a tag, and a request without a keyslot, waits in a list and
 *       goes on in the order of events. Such a wait flushes the submitter's plug, as a sleeping
 *       task's plug is flushed.
 *   <li>There is no scheduler yet: bios merge only inside a plug, with the newest request in it,
 *       and two requests never merge.
 *   <li>Bios whose memory meets inside a page never merge, even if it is contiguous; Linux would
 *       make one segment of it.
 *   <li>A request is completed as a whole, never in part.
 * </ul>
 */
@NullMarked
package blockdev.queue;

import org.jspecify.annotations.NullMarked;
