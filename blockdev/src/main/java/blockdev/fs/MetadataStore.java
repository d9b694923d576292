package blockdev.fs;

import static blockdev.fs.MetadataDevice.BLOCK_BYTES;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.DataType;
import org.jspecify.annotations.Nullable;

/**
 * The filesystem's metadata: ordered maps of fixed-width records, changed in memory and taken to
 * the device by {@link #commit}, all or nothing.
 *
 * <p>A map may be read and changed by any simulated thread at any time, also while another waits in
 * {@code commit}; what was changed before the call is in that commit. Calls of {@code commit},
 * {@link #checkpoint} and {@link #close} must not overlap: the filesystem's own mutex sees to that.
 *
 * <p>If the device fails under a commit or checkpoint, the store refuses to go on. {@link #open}
 * then finds every commit that returned, and the failed one either whole or not at all.
 *
 * <p>MVStore runs no thread and commits only here: its commit by time is off, and so is its commit
 * by unsaved memory, whose limit depends on the heap. Old pages are given up at once (retention 0,
 * no versions kept), because the journal, not the image, carries what a power cut needs.
 */
final class MetadataStore implements AutoCloseable {
  /** Commits between two rounds of moving live pages out of chunks that are mostly dead. */
  private static final int COMMITS_PER_COMPACTION = 64;

  private static final int COMPACTION_FILL_PERCENT = 70;
  private static final int COMPACTION_BYTES = 1 << 20;

  /** Rounds after which an image that is still too large for its region is full. */
  private static final int MAX_SQUEEZES = 3;

  /** Blocks in one write to their places. */
  private static final int RUN_BLOCKS = 256;

  private final MetadataRegion region;
  private final MetadataCheckpoint checkpoint;
  private final MetadataJournal journal;
  private final MetadataImage image;
  private final MVStore tree;

  private final BitSet journaled = new BitSet(); // image blocks not yet in place
  private final int[] journalBlockOf; // by image block, for those
  private final MemorySegment single = Arena.ofAuto().allocate(BLOCK_BYTES, BLOCK_BYTES);

  private long sequence;
  private long committedLengthBytes;
  private long liveBytes; // with the last commit
  private boolean failed;

  /** Makes an empty store; what the region held before is lost once this is called. */
  static void format(MetadataDevice device, MetadataRegion region) throws IOException {
    MetadataCheckpoint checkpoint = new MetadataCheckpoint(device, region);
    checkpoint.erase();
    // Records of an earlier store would fit this one's sequence.
    MemorySegment zeros = Arena.ofAuto().allocate((long) RUN_BLOCKS * BLOCK_BYTES, BLOCK_BYTES);
    for (int block = 0; block < region.journalBlocks(); block += RUN_BLOCKS) {
      int count = Math.min(RUN_BLOCKS, region.journalBlocks() - block);
      device.write(
          region.journalFirstBlock() + block,
          count,
          zeros.asSlice(0, (long) count * BLOCK_BYTES),
          false);
    }
    MetadataImage image = new MetadataImage(region.imageBlocks(), 0);
    treeOver(image).closeImmediately();
    BitSet blocks = image.takeDirty();
    for (int block = blocks.nextSetBit(0); block >= 0; block = blocks.nextSetBit(block + 1)) {
      checkpoint.note(block, image.blocks(block, 1));
      checkpoint.writeInPlace(block, 1, image.blocks(block, 1));
      checkpoint.writeChecksumsOf(block);
    }
    checkpoint.finish(0, image.size());
  }

  /**
   * Reads the image and replays the journal into it. Writes nothing.
   *
   * @throws MetadataCorruptException if what is there is damaged, or no store
   */
  static MetadataStore open(MetadataDevice device, MetadataRegion region) throws IOException {
    MetadataCheckpoint checkpoint = new MetadataCheckpoint(device, region);
    checkpoint.read();
    return new MetadataStore(device, region, checkpoint);
  }

  private MetadataStore(MetadataDevice device, MetadataRegion region, MetadataCheckpoint checkpoint)
      throws IOException {
    this.region = region;
    this.checkpoint = checkpoint;
    this.journal = new MetadataJournal(device, region);
    this.journalBlockOf = new int[region.imageBlocks()];
    this.image = new MetadataImage(region.imageBlocks(), checkpoint.imageLengthBytes());
    load();
    try {
      this.tree = treeOver(image);
    } catch (MVStoreException e) {
      throw new MetadataCorruptException("the metadata tree is damaged: " + e.getMessage(), e);
    }
    liveBytes = image.liveBytes();
  }

  /** The map of that name, made by the first call; its values have {@code valueBytes} bytes. */
  <K> MVMap<K, byte[]> map(String name, DataType<K> keyType, int valueBytes) {
    return tree.openMap(
        name,
        new MVMap.Builder<K, byte[]>().keyType(keyType).valueType(new FixedBytesType(valueBytes)));
  }

  /**
   * Makes every change of the maps durable, together. Data that the metadata speaks of must be
   * durable before.
   *
   * @return the number of the last commit, which is a new one if anything had changed
   * @throws MetadataFullException if the region is too small
   */
  long commit() throws IOException {
    requireWorking();
    failed = true; // Until the record is durable: the image is ahead of the device.
    commitTree();
    BitSet changed = image.takeDirty();
    if (!changed.isEmpty()) {
      BitSet blocks = changed.get(0, (int) (image.size() / BLOCK_BYTES));
      if (!journal.fits(blocks.cardinality())) {
        takeInPlace(changed);
      }
      int journalBlock = journal.append(sequence + 1, image, blocks);
      sequence++;
      committedLengthBytes = image.size();
      journaled.clear((int) (committedLengthBytes / BLOCK_BYTES), region.imageBlocks());
      for (int block = blocks.nextSetBit(0); block >= 0; block = blocks.nextSetBit(block + 1)) {
        noteJournaled(block, image.blocks(block, 1), journalBlock++);
      }
    }
    liveBytes = image.liveBytes();
    failed = false;
    return sequence;
  }

  /** Writes all commits to their places, so that the next {@link #open} has nothing to replay. */
  void checkpoint() throws IOException {
    requireWorking();
    failed = true;
    if (checkpoint.sequence() != sequence) {
      takeInPlace(new BitSet());
    }
    failed = false;
  }

  /**
   * Whether metadata may grow. From half of the image on the filesystem refuses what adds to it
   * ({@code ENOSPC}), because everything else, removal too, is written to a new place first.
   */
  boolean hasRoom() {
    return liveBytes + tree.getUnsavedMemory() < (long) region.imageBlocks() * BLOCK_BYTES / 2;
  }

  /** Blocks of the image that hold something, pages no longer part of the tree included. */
  int usedBlocks() {
    return image.usedBlocks();
  }

  /** Closes without writing anything; changes since the last commit are dropped. */
  void abandon() {
    tree.closeImmediately();
  }

  /**
   * Writes a checkpoint, unless the store has failed, and closes. Changes since the last commit are
   * dropped.
   */
  @Override
  public void close() throws IOException {
    if (tree.isClosed()) {
      return;
    }
    try {
      if (!failed) {
        checkpoint();
      }
    } finally {
      tree.closeImmediately();
    }
  }

  private void load() throws IOException {
    int imageBlocks = (int) (image.size() / BLOCK_BYTES);
    for (int block = 0; block < imageBlocks; block += RUN_BLOCKS) {
      int count = Math.min(RUN_BLOCKS, imageBlocks - block);
      checkpoint.readInPlace(block, count, image.blocks(block, count));
    }
    // A checkpoint under way may have left any journaled block old or new, and so its checksum;
    // replay sets both.
    committedLengthBytes = image.size();
    sequence =
        journal.replay(
            checkpoint.sequence(),
            new MetadataJournal.Replay() {
              @Override
              public void begin(long sequence, long imageLengthBytes) {
                image.resize(imageLengthBytes);
                committedLengthBytes = imageLengthBytes;
                journaled.clear((int) (imageLengthBytes / BLOCK_BYTES), region.imageBlocks());
              }

              @Override
              public void block(int imageBlock, MemorySegment content, int journalBlock) {
                image.blocks(imageBlock, 1).copyFrom(content);
                noteJournaled(imageBlock, content, journalBlock);
              }
            });
    imageBlocks = (int) (image.size() / BLOCK_BYTES);
    for (int block = 0; block < imageBlocks; block++) {
      checkpoint.verify(block, image.blocks(block, 1));
    }
  }

  private void commitTree() throws MetadataFullException {
    try {
      if (tree.hasUnsavedChanges() && (sequence + 1) % COMMITS_PER_COMPACTION == 0) {
        tree.compact(COMPACTION_FILL_PERCENT, COMPACTION_BYTES);
      }
      tree.commit();
      for (int i = 0; i < MAX_SQUEEZES && image.isOversize(); i++) {
        image.squeeze(tree);
      }
    } catch (MVStoreException e) {
      if (!image.isOversize()) {
        throw e;
      }
      throw full(e);
    }
    if (image.isOversize()) {
      throw full(null);
    }
  }

  private MetadataFullException full(@Nullable MVStoreException cause) {
    return new MetadataFullException(
        "the metadata region of "
            + region.imageBlocks()
            + " image blocks is full; commit "
            + sequence
            + " stands, mount again",
        cause);
  }

  private void noteJournaled(int imageBlock, MemorySegment content, int journalBlock) {
    journaled.set(imageBlock);
    journalBlockOf[imageBlock] = journalBlock;
    checkpoint.note(imageBlock, content);
  }

  /**
   * Writes the journaled blocks to their places and empties the journal. The image may be ahead of
   * the last commit in {@code changed}: those blocks come from the journal.
   */
  private void takeInPlace(BitSet changed) throws IOException {
    int tableBlock = -1;
    for (int block = journaled.nextSetBit(0); block >= 0; ) {
      int next = block + 1;
      if (changed.get(block)) {
        journal.read(journalBlockOf[block], single);
        checkpoint.writeInPlace(block, 1, single);
      } else {
        while (next - block < RUN_BLOCKS && journaled.get(next) && !changed.get(next)) {
          next++;
        }
        checkpoint.writeInPlace(block, next - block, image.blocks(block, next - block));
      }
      block = journaled.nextSetBit(next);
    }
    for (int block = journaled.nextSetBit(0); block >= 0; block = journaled.nextSetBit(block + 1)) {
      if (block / MetadataRegion.CHECKSUMS_PER_BLOCK != tableBlock) {
        tableBlock = block / MetadataRegion.CHECKSUMS_PER_BLOCK;
        checkpoint.writeChecksumsOf(block);
      }
    }
    checkpoint.finish(sequence, committedLengthBytes);
    journaled.clear();
    journal.restart();
  }

  private void requireWorking() throws IOException {
    if (failed) {
      throw new IOException("the metadata store failed after commit " + sequence + ": mount again");
    }
  }

  private static MVStore treeOver(MetadataImage image) {
    MVStore tree =
        new MVStore.Builder()
            .adoptFileStore(image)
            .autoCommitDisabled()
            .autoCommitBufferSize(0)
            .open();
    tree.setVersionsToKeep(0);
    tree.setRetentionTime(0);
    return tree;
  }
}
