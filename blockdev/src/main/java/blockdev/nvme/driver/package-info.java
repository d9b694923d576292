/**
 * The host's driver of an NVMe-style device: {@link NvmeDriver} brings it up and turns requests
 * into commands, {@link DriverQueue} is a queue pair, {@link KeyslotDriver} and {@link
 * WrappedKeyDriver} are the way to its keyslots and to its hardware-wrapped keys.
 *
 * <p>Discards are Dataset Management with one range, zeroes are Write Zeroes that may deallocate,
 * as in Linux; no command erases securely. Where blocks have metadata, see {@link BlockMetadata}.
 *
 * <p>It implements {@link blockdev.queue.BlockDriver} and {@link
 * inlinecrypt.keyslot.KeyslotDevice}, the one import against the column. Where keys come with
 * commands, it writes the key block when it issues the command and wipes it when the command
 * completes, however that went. Also touches {@code nvme}, {@code nvme.controller}, {@code bio},
 * {@code memory}, {@code sim}, {@code trace}, {@code inlinecrypt} and {@code inlinecrypt.wrapped}.
 */
@NullMarked
package blockdev.nvme.driver;

import org.jspecify.annotations.NullMarked;
