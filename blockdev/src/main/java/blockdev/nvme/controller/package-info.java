/**
 * The device: {@link NvmeController} with its queues, admin and I/O commands, namespaces, and an
 * inline crypto unit with keyslots.
 *
 * <p>A command goes: doorbell → {@link SubmissionQueue} fetches → {@link IoCommand} checks, waits
 * its service time, moves bytes between {@link DataPages} and the medium through {@link CommandKey}
 * → {@link CompletionQueue} → {@link InterruptVector}. Where keys come with commands, each PRP
 * entry must be one data unit of 4096 bytes, else the command ends with Data Transfer Error.
 *
 * <p>Slots can take hardware-wrapped keys too: {@link InlineCryptoUnit} opens the blob and derives
 * the key. Programming a slot is a matter of registers, not of commands.
 *
 * <p>There is a volatile write cache. Atomic under power loss is one logical block (AWUPF 0); what
 * a loss leaves of commands under way, {@link NvmeController#losePower} decides, and of completed
 * ones {@link blockdev.media.VolatileMedium}. {@link DeviceFaults} makes things go wrong where a
 * configuration asks for it.
 *
 * <p>Touches {@code nvme}, {@code bio}, {@code fault}, {@code media}, {@code memory}, {@code sim},
 * {@code trace}, {@code inlinecrypt}, {@code inlinecrypt.engine}, {@code inlinecrypt.keyslot} and
 * {@code inlinecrypt.wrapped}. It knows nothing of its host but host memory.
 */
@NullMarked
package blockdev.nvme.controller;

import org.jspecify.annotations.NullMarked;
