/**
 * The extent filesystem, and beneath it the store of its metadata.
 *
 * <p>The package submits bios through {@code blockdev.queue}, those with contents by way of {@code
 * blockdev.queue.crypto}, and asks {@code inlinecrypt.fscrypt} for keys; it never touches {@code
 * blockdev.nvme} or {@code blockdev.media}.
 *
 * <p>The way of data: {@link OpenFile} → {@code FileContents} → {@code PageWriter}, into dirty
 * pages → {@code Writeback}, which takes blocks from the {@code BlockAllocator}, keys from the
 * {@code BlockResolver} and its {@code ContentsStrategy}, submits an {@code IoBatch} and tells the
 * {@code Mappings} → {@code Transactions}, which flush and commit. {@code ContentsReader} goes the
 * way back. {@link FileSystem} leads from paths to this: {@code Namespace} to a number, {@code
 * Policies} to an encryption context, {@code OpenInodes} to an inode that is unlocked.
 *
 * <p>A {@link Volume} is one device, or two: where the device of the contents numbers data units by
 * their addresses and takes no plain data (NVMe Key Per I/O), metadata lies on another. Then
 * ciphertext belongs to its place ({@code AddressedKeys}), and moving an extent decrypts and
 * encrypts it again. Keys and contexts stay those of the strategy.
 *
 * <p>Metadata is the B-tree of H2 MVStore over {@link MetadataImage}, an off-heap image of a region
 * of the device. MVStore changes the image only inside {@link MetadataStore#commit} and never
 * touches the device, so no lock of the library is held across I/O. Our code takes the changed
 * blocks to the {@link MetadataJournal} in one record, and in place later ({@link
 * MetadataCheckpoint}). The image is a {@code FileStore} of MVStore and not, as planned first, a
 * {@code FilePath} under its own file store: only a {@code FileStore} can take the wall clock out
 * of the format, and it needs no entry in a global table of schemes.
 */
@NullMarked
package blockdev.fs;

import org.jspecify.annotations.NullMarked;
