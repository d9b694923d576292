/**
 * Block devices over other block devices, as device-mapper makes them: a {@link
 * blockdev.queue.layer.MappedDevice} is a table of targets, each of which says where its sectors
 * lie. A bio is cloned for each run of sectors that lies on one device, and the clones go to the
 * submitters of those devices; there are no requests here, and no keyslots.
 *
 * <ul>
 *   <li>{@link blockdev.queue.layer.LinearTarget} and {@link blockdev.queue.layer.StripedTarget}
 *       pass crypto contexts through: the clones carry them, and the table can what all devices
 *       below it can.
 *   <li>{@link blockdev.queue.layer.InlineCryptTarget} gives every bio its own key, and so passes
 *       none through. Its ciphertext is that of dm-crypt's {@code aes-xts-plain64}.
 * </ul>
 *
 * <p>Layers stack: a target's device can be a mapped device. Touches {@code queue}, {@code
 * queue.crypto}, {@code bio}, {@code memory}, {@code sim}, {@code trace}, {@code inlinecrypt} and
 * {@code inlinecrypt.keyslot}. Source of the rules: {@code drivers/md/dm.c}, {@code dm-table.c},
 * {@code dm-linear.c}, {@code dm-stripe.c}, {@code dm-inlinecrypt.c}.
 *
 * <p>Where this differs from Linux on purpose:
 *
 * <ul>
 *   <li>A table is swapped while bios are under way: they end on the old table, which the swapper
 *       closes afterwards. Linux suspends the device and waits for them first.
 *   <li>An evict asks the devices of earlier tables too. Linux asks those of the live one, and
 *       leaves a key that was used before the swap in its slot, though its owner then frees it.
 *   <li>A flush goes once to each device, however many targets lie on it.
 *   <li>There is no request-based stacking, as dm-multipath has: no requests of a layer, and so
 *       none that could be without a slot while its clone below has one.
 *   <li>dm-inlinecrypt also raises the DMA alignment to its sector size; here memory that is not
 *       aligned is left to the device below, or the fallback, to refuse.
 * </ul>
 */
@NullMarked
package blockdev.queue.layer;

import org.jspecify.annotations.NullMarked;
