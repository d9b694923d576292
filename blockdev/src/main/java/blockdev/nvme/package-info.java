/**
 * An NVMe-style device and its driver: submission and completion rings in host memory, doorbells,
 * admin and I/O commands, and an inline crypto unit with keyslots.
 *
 * <p>{@link NvmeDriver} and {@code DriverQueue} are the host's side, {@link NvmeController} and
 * what it owns the device's. They share host memory, doorbells and interrupt vectors, and nothing
 * else. The driver implements {@link blockdev.queue.BlockDriver} and {@link
 * inlinecrypt.keyslot.KeyslotDevice}, the one import against the column. Also touches {@code bio},
 * {@code media}, {@code memory}, {@code sim}, {@code trace}, {@code inlinecrypt}, {@code
 * inlinecrypt.engine} and {@code inlinecrypt.wrapped}.
 *
 * <p>NVMe has no command with a keyslot and a data unit number, so there is an extension of ours,
 * in the shape of UFS and CQHCI. Read and Write with CETYPE (CDW12 19:16) = Fh carry the slot in
 * CEV (CDW13 15:0), limb 0 of the data unit number in CDW2 and 3, limb 1 in CDW4 and 5 (where
 * separate metadata would be named; there is none). Limbs 2 and 3 of a number that is wider than
 * its key says do not reach the device, as on UFS. Identify Controller advertises it in its
 * vendor-specific bytes; see {@link IdentifyData}.
 *
 * <p>A device without keyslots, in the shape of Samsung's FMP, takes its key with each command: CEV
 * is FFFFh and CDW14 and 15 hold the host memory offset of a {@link KeyBlock}. The driver writes
 * the block when it issues the command and wipes it when the command completes, however that went.
 * Each PRP entry must be one data unit of 4096 bytes, else the command ends with Data Transfer
 * Error.
 *
 * <p>Slots can take hardware-wrapped keys too: {@link InlineCryptoUnit} opens the blob and derives
 * the key, and {@link WrappedKeyDriver} is the way to its other operations. Like slots, they are
 * registers and not commands.
 *
 * <p>Source for all else: NVM Express Base 2.1 and NVM Command Set 1.1.
 */
@NullMarked
package blockdev.nvme;

import org.jspecify.annotations.NullMarked;
