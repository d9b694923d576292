/**
 * The device: {@link NvmeController} with its queues, admin and I/O commands, namespaces, and an
 * inline crypto unit with keyslots.
 *
 * <p>A command goes: doorbell → {@link IoSubmissionQueue}, which the arbiter gives its turn →
 * {@link QueuedCommand}, whose way through the device's stations begins when its {@link IoCommand}
 * has taken over the entry and its {@link NvmCommand} has checked that, and ends when that moves
 * bytes between {@link DataPages} and the medium through {@link CommandKey} → {@link
 * CompletionQueue} → {@link InterruptVector}. Where keys come with commands, each PRP entry must be
 * one data unit of 4096 bytes, else the command ends with Data Transfer Error.
 *
 * <p>Read and Write move straight between host and medium. Where blocks have metadata, and in
 * commands that compare, check or copy, they stand in a {@link Stage} in between, to and from which
 * {@link HostBlocks} moves them, and a data unit need not be contiguous. PRPs are the only data
 * pointers.
 *
 * <p>On the medium lie the data of all blocks of a {@link Namespace}, and behind them the metadata
 * of all blocks, protection information inverted. Data may be encrypted, metadata are not: a guard,
 * which is over plaintext, tells 16 bits of a checksum to whoever reads the medium. They take no
 * time: what a command keeps busy is for its data. Which blocks are deallocated or were marked
 * uncorrectable the namespace alone knows: a controller that is made on a medium, on an image file
 * opened again above all, finds every block written. What is deallocated is zeroes on the medium,
 * so that without a key it reads the same then.
 *
 * <p>A command is one event, and so atomic against all others, a fused pair too. In immediate time
 * that holds among commands of one thread; two threads that use the same blocks at the same time
 * find them mixed.
 *
 * <p>The {@link AdminSubmissionQueue} goes to {@link AdminCommands}: {@link QueueCommands}, {@link
 * IdentifyCommand} (with {@link ControllerIdentity} and {@link NamespaceIdentity}, where each claim
 * stands), {@link FeatureCommands}, {@link LogPages}, {@link AsyncEvents}, {@link FormatCommand},
 * {@link Sanitize} and {@link SecurityCommands}. Who needs a feature's value asks {@link Features}.
 *
 * <p>Slots can take hardware-wrapped keys too: {@link InlineCryptoUnit} opens the blob and derives
 * the key. Programming a slot is a matter of registers, not of commands.
 *
 * <p>Under Key Per I/O commands name key tags, and a data unit's number is its address: {@link
 * blockdev.nvme.controller.kpio.KeyPerIo} has the keys, {@link SecurityCommands} is the way of
 * Security Send and Receive to them. Which key a block was written with, if the device detects
 * that, is known in memory only and does not follow its block through a power cut.
 *
 * <p>There is a volatile write cache, also where nobody can cut the power: the device is the same
 * then, and a Flush takes its time. Feature 06h switches the {@link WriteCache}; off, writes end on
 * the medium, and there is nothing to flush. Atomic under power loss is one logical block (AWUPF
 * 0); what a loss leaves of commands under way, {@link QueuedCommand#losePower} decides, and of
 * completed ones {@link blockdev.media.VolatileMedium}. {@link DeviceFaults} makes things go wrong
 * where a configuration asks for it.
 *
 * <p>Touches {@code nvme}, {@code bio}, {@code fault}, {@code media}, {@code memory}, {@code sim},
 * {@code trace}, {@code inlinecrypt}, {@code inlinecrypt.engine}, {@code inlinecrypt.keyslot} and
 * {@code inlinecrypt.wrapped}. It knows nothing of its host but host memory.
 */
@NullMarked
package blockdev.nvme.controller;

import org.jspecify.annotations.NullMarked;
