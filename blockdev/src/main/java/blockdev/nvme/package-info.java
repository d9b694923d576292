/**
 * What goes over the wire between an NVMe-style device and its host, shared by both: submission and
 * completion entries, status codes, the structures that Identify returns, and the block that
 * carries a key.
 *
 * <p>{@code nvme.controller} is the device, {@code nvme.driver} the host. They share host memory,
 * doorbells and interrupt vectors, and what is here. Touches {@code bio}, {@code memory}, {@code
 * inlinecrypt} and {@code inlinecrypt.keyslot}.
 *
 * <p>NVMe has no command with a keyslot and a data unit number, so there is an extension of ours,
 * in the shape of UFS and CQHCI. Read, Write, Compare, Verify, Write Zeroes and Copy with CETYPE
 * (CDW12 19:16) = Fh carry the slot in CEV (CDW13 15:0), limb 0 of the data unit number in CDW2 and
 * 3, limb 1 in CDW4 and 5. Where blocks have metadata these name its buffer, and the number has one
 * limb. Source ranges of Copy carry theirs as {@link CopyRange} says. Limbs 2 and 3 of a number
 * that is wider than its key says do not reach the device, as on UFS. Identify Controller
 * advertises it in its vendor-specific bytes; see {@link IdentifyData}.
 *
 * <p>A device without keyslots, in the shape of Samsung's FMP, takes its key with each command: CEV
 * is FFFFh and CDW14 and 15 hold the host memory offset of a {@link KeyBlock}. With protection
 * information, whose tags stand there, that is refused, and in source ranges of Copy too.
 *
 * <p>Source for all else: NVM Express Base 2.1 and NVM Command Set 1.1.
 */
@NullMarked
package blockdev.nvme;

import org.jspecify.annotations.NullMarked;
