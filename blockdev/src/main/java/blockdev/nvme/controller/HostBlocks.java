package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;

/**
 * Where the blocks of a command lie in host memory: their data in {@link DataPages}, and their
 * metadata behind the data of each block or in a buffer of their own. Of blocks without metadata
 * there is nothing to know but the pages.
 */
final class HostBlocks {
  private final MemorySegment memory;
  private final DataPages pages;
  private final int maxTransferBytes;
  private int metadataBytes; // that move for each block
  private long metadataPointer; // where they have a buffer of their own

  HostBlocks(MemorySegment memory, DataPages pages, int maxTransferBytes) {
    this.memory = memory;
    this.pages = pages;
    this.maxTransferBytes = maxTransferBytes;
  }

  /**
   * Checks how many blocks with metadata move.
   *
   * @param protectionAction whether the device makes protection information, or takes it away
   * @return Invalid Field if they are more than a command can move
   */
  int checkSize(LbaFormat format, int blocks, boolean protectionAction) {
    metadataBytes = format.wireMetadataBytes(protectionAction);
    return bytesInPages(format, blocks) > maxTransferBytes
        ? NvmeStatus.INVALID_FIELD
        : NvmeStatus.SUCCESS;
  }

  private long bytesInPages(LbaFormat format, int blocks) {
    return (long) blocks * (format.blockBytes() + (format.isExtended() ? metadataBytes : 0));
  }

  /** Follows the data pointers of the command at {@code at}, whose size was checked. */
  int gather(LbaFormat format, int blocks, long at) {
    int status = pages.gather(at, (int) bytesInPages(format, blocks));
    return status == NvmeStatus.SUCCESS && metadataBytes > 0 && !format.isExtended()
        ? checkMetadataPointer(blocks, at)
        : status;
  }

  private int checkMetadataPointer(int blocks, long at) {
    metadataPointer = SubmissionEntry.metadataPointer(memory, at);
    if ((metadataPointer & 3) != 0) {
      return NvmeStatus.INVALID_FIELD;
    }
    return DataPages.contains(memory, metadataPointer, (long) blocks * metadataBytes)
        ? NvmeStatus.SUCCESS
        : NvmeStatus.DATA_TRANSFER_ERROR;
  }

  /** Copies blocks with metadata to {@code stage}. */
  void copyTo(Stage stage, LbaFormat format, int blocks) {
    pages.rewind();
    if (!format.isExtended() || metadataBytes == 0) {
      pages.take(stage.data(), 0, blocks << format.blockShift());
    }
    if (metadataBytes == 0) {
      return;
    }
    MemorySegment metadata = stage.metadata();
    if (!format.isExtended()) {
      long length = (long) blocks * metadataBytes;
      MemorySegment.copy(memory, metadataPointer, metadata, 0, length);
      return;
    }
    for (int block = 0; block < blocks; block++) {
      pages.take(stage.data(), (long) block << format.blockShift(), format.blockBytes());
      pages.take(metadata, (long) block * metadataBytes, metadataBytes);
    }
  }

  /** Fills blocks with metadata from {@code stage}. */
  void copyFrom(Stage stage, LbaFormat format, int blocks) {
    pages.rewind();
    if (!format.isExtended() || metadataBytes == 0) {
      pages.give(stage.data(), 0, blocks << format.blockShift());
    }
    if (metadataBytes == 0) {
      return;
    }
    MemorySegment metadata = stage.metadata();
    if (!format.isExtended()) {
      long length = (long) blocks * metadataBytes;
      MemorySegment.copy(metadata, 0, memory, metadataPointer, length);
      return;
    }
    for (int block = 0; block < blocks; block++) {
      pages.give(stage.data(), (long) block << format.blockShift(), format.blockBytes());
      pages.give(metadata, (long) block * metadataBytes, metadataBytes);
    }
  }

  /**
   * The first block, with metadata or without, that is not what {@code stage} has, or −1.
   * Protection information is not compared, and the device has not made it.
   */
  int mismatch(Stage stage, LbaFormat format, int blocks) {
    int first = format.hasProtection() && format.protectionFirst() ? LbaFormat.PROTECTION_BYTES : 0;
    int last =
        format.hasProtection() && !format.protectionFirst()
            ? format.protectionOffset()
            : format.metadataBytes();
    pages.rewind();
    for (int block = 0; block < blocks; block++) {
      boolean equal =
          pages.match(stage.data(), (long) block << format.blockShift(), format.blockBytes());
      if (format.metadataBytes() > 0) {
        equal &= matchMetadata(stage.metadata(), format, block, first, last);
      }
      if (!equal) {
        return block;
      }
    }
    return -1;
  }

  /** Whether the metadata of a block are the same from {@code first} to {@code last}. */
  private boolean matchMetadata(
      MemorySegment metadata, LbaFormat format, int block, int first, int last) {
    long theirs = (long) block * metadataBytes;
    if (format.isExtended()) {
      pages.skip(first);
      boolean equal = pages.match(metadata, theirs + first, last - first);
      pages.skip(metadataBytes - last);
      return equal;
    }
    long mine = metadataPointer + theirs;
    return MemorySegment.mismatch(
            metadata, theirs + first, theirs + last, memory, mine + first, mine + last)
        < 0;
  }
}
