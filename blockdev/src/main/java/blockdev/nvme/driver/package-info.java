/**
 * The host's driver of an NVMe-style device: {@link NvmeDriver} brings it up through the {@link
 * AdminQueue}, a {@link NamespaceDriver} turns the requests of a namespace into commands, {@link
 * DriverQueue} is a queue pair, {@link KeyslotDriver} and {@link WrappedKeyDriver} are the way to
 * its keyslots and to its hardware-wrapped keys. Each namespace has queue pairs of its own for each
 * thread; in Linux all share those of the controller.
 *
 * <p>Under Key Per I/O a namespace's key tags are its keyslots ({@link KeyTagDriver}); keys go by
 * Security Send ({@link KeyChannel}), and a request's data unit number stays with the host. No data
 * without a key is taken there, so neither is a request for zeroes.
 *
 * <p>Discards are Dataset Management with one range, zeroes are Write Zeroes that may deallocate,
 * as in Linux; no command erases securely. Where blocks have metadata, see {@link BlockMetadata}.
 *
 * <p>Each namespace is an {@link NvmeDisk} with I/O queue pairs of its own, one for each thread.
 * Linux shares one set of pairs among all namespaces; not to do so is simpler, and costs rings. The
 * keyslots are the device's, and shared. {@link CommandClock} finds commands that take too long;
 * what follows, {@link NvmeDriver} says.
 *
 * <p>It implements {@link blockdev.queue.BlockDriver} and {@link
 * inlinecrypt.keyslot.KeyslotDevice}, the one import against the column. Where keys come with
 * commands, it writes the key block when it issues the command and wipes it when the command
 * completes, however that went. Also touches {@code nvme}, {@code nvme.kpio}, {@code
 * nvme.controller}, {@code bio}, {@code memory}, {@code sim}, {@code trace}, {@code inlinecrypt}
 * and {@code inlinecrypt.wrapped}.
 */
@NullMarked
package blockdev.nvme.driver;

import org.jspecify.annotations.NullMarked;
