/**
 * The block layer: from a submitted bio to a request that a driver can issue. Submission checks,
 * splitting to the device's limits, plugging and merging, tags, scheduling, and the keyslot that a
 * request holds from its allocation until just before its bios end.
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
 *   <li>A {@link blockdev.queue.Scheduler} belongs to one hardware queue, and so to one thread:
 *       requests of two threads never merge. It sorts only while the driver has no room, in one
 *       direction and without deadlines. The default is none, as in Linux for NVMe.
 *   <li>A bio that waits for a tag merges with nothing meanwhile. (In Linux its submitter sleeps,
 *       and there is no second one.)
 *   <li>Bios whose memory meets inside a page never merge, even if it is contiguous; Linux would
 *       make one segment of it.
 *   <li>If a driver completes a request in part, the context of the rest moves on with the data, so
 *       that the rest can be issued again. Linux leaves it as it was, and would encrypt the rest
 *       under the numbers of the front. A part is whole data units; ours complete all at once.
 *   <li>A driver that is short of something hands a request back with a delay; there are no
 *       statuses that make the queue try again by itself.
 *   <li>Discards do not merge, and so have one range; ranges without data are cut to the device's
 *       limit, whose granularity is the logical block.
 *   <li>There is no integrity payload in a bio. A device whose blocks have metadata makes and
 *       checks protection information by itself; its queue has no crypto profile all the same, as
 *       in Linux, and the fallback encrypts.
 *   <li>Linux warns once of a context on a bio without data; here such bios are counted.
 *   <li>A bio cannot be polled for: the time of the simulation decides who runs events.
 * </ul>
 */
@NullMarked
package blockdev.queue;

import org.jspecify.annotations.NullMarked;
