package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blockdev.queue.BlockQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.FilesystemTraits;
import inlinecrypt.fscrypt.FscryptContext;
import inlinecrypt.fscrypt.FscryptPolicy;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.Keyring;
import inlinecrypt.fscrypt.Nonce;
import inlinecrypt.keyslot.KeyslotAcquire;
import inlinecrypt.keyslot.KeyslotManager;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which inodes stay in memory, and how one leaves. */
final class InodeCacheTest {
  private static final InodeRecord PLAIN = new InodeRecord(InodeRecord.Kind.FILE, 1, 0, null);

  @Test
  void theInodeThatIsIdleLongestGoesFirstAndADirtyOneNever() {
    try (TestMachine machine = TestMachine.of(StrategyKind.PER_INODE);
        Keyring keyring = new Keyring(new FilesystemTraits(false, 4096, 1L << 30))) {
      InodeCache inodes = inodes(machine, keyring);
      for (long number = 1; number <= 1025; number++) {
        inodes.bringIn(number, PLAIN);
      }
      inodes.bringIn(1026, PLAIN);
      makeDirty(inodes, Objects.requireNonNull(inodes.get(1)), 0);
      Inode opened = Objects.requireNonNull(inodes.get(2));
      inodes.opened(opened);
      opened.opens--;
      inodes.idle(opened);

      assertThat(inodes.get(1)).isNotNull();
      assertThat(inodes.get(2)).isNotNull();
      assertThat(inodes.get(3)).isNull();
      assertThat(inodes.get(4)).isNotNull();
      inodes.evictAll();
    }
  }

  @Test
  void eachInodeIsAsOldAsItsOwnDirtyPages() {
    try (TestMachine machine = TestMachine.of(StrategyKind.PER_INODE);
        Keyring keyring = new Keyring(new FilesystemTraits(false, 4096, 1L << 30))) {
      InodeCache inodes = inodes(machine, keyring);
      Inode first = inodes.bringIn(1, PLAIN);
      Inode second = inodes.bringIn(2, PLAIN);
      makeDirty(inodes, first, 10);
      makeDirty(inodes, second, 20);
      makeDirty(inodes, first, 30);
      assertThat(inodes.dirtySince(9)).isEmpty();
      assertThat(inodes.dirtySince(19)).containsExactly(first);
      assertThat(inodes.dirtySince(20)).containsExactly(first, second);

      first.dirty.dropFrom(0);
      inodes.changed(first, 40);
      makeDirty(inodes, first, 50);
      assertThat(inodes.dirtySince(49)).containsExactly(second);
      assertThat(inodes.dirty()).containsExactly(second, first);
      inodes.evictAll();
      assertThat(inodes.dirty()).isEmpty();
    }
  }

  @Test
  void whatHasBeenDirtyForFiveSecondsIsOverdueAndAllIsWhenThereIsTooMuch() {
    try (TestMachine machine = TestMachine.of(StrategyKind.PER_INODE);
        Keyring keyring = new Keyring(new FilesystemTraits(false, 4096, 1L << 30))) {
      InodeCache inodes = inodes(machine, keyring);
      long nowNs = machine.simulation.time().nowNs();
      Inode old = inodes.bringIn(1, PLAIN);
      Inode young = inodes.bringIn(2, PLAIN);
      makeDirty(inodes, old, nowNs - 5_000_000_000L);
      long tooMuchBytes = machine.simulation.queue().memory().capacityBytes() / 4;
      dirty(inodes, young, tooMuchBytes - DirtyPages.CLUSTER_BYTES);
      assertThat(inodes.overdue()).containsExactly(old);
      dirty(inodes, young, tooMuchBytes);
      assertThat(inodes.overdue()).containsExactly(old, young);
      inodes.change(young, () -> young.dirty.dropFrom(0));
      makeDirty(inodes, young, nowNs - 4_999_999_999L);
      assertThat(inodes.overdue()).containsExactly(old);
      inodes.evictAll();
    }
  }

  /** Makes the first {@code bytes} of a file dirty. */
  private static void dirty(InodeCache inodes, Inode inode, long bytes) {
    inodes.change(
        inode,
        () -> {
          for (long block = 0; block < bytes / 4096; block += DirtyPages.CLUSTER_BLOCKS) {
            inode.dirty.makeDirty(block);
          }
        });
  }

  private static InodeCache inodes(TestMachine machine, Keyring keyring) {
    BlockQueue queue = machine.simulation.queue();
    DeviceKeys keys = new DeviceKeys(queue, machine.simulation.blkCrypto());
    return new InodeCache(keys, keyring, queue);
  }

  private static void makeDirty(InodeCache inodes, Inode inode, long nowNs) {
    inode.dirty.makeDirty(0);
    inodes.changed(inode, nowNs);
  }

  @Test
  void anInodeWhoseKeyIsInUseStaysAndCanBeEvictedLater() {
    try (TestMachine machine = TestMachine.of(StrategyKind.PER_INODE);
        Keyring keyring = new Keyring(new FilesystemTraits(false, 4096, 1L << 30))) {
      BlockQueue queue = machine.simulation.queue();
      InodeCache inodes = inodes(machine, keyring);
      KeyIdentifier identifier = keyring.add(TestMachine.MASTER_KEY);
      FscryptContext context =
          new FscryptContext(FscryptPolicy.aes256Xts(identifier), new Nonce(1, 2));
      Inode inode = inodes.bringIn(7, new InodeRecord(InodeRecord.Kind.FILE, 1, 0, context));
      CryptoKey key = inode.keys().getFirst();
      Borrower borrower = new Borrower(queue);
      borrower.acquire(key);

      assertThatThrownBy(() -> inodes.evict(inode))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("7")
          .hasMessageContaining(Errno.EBUSY.toString());
      assertThat(inodes.get(7)).isSameAs(inode);
      key.checkOpen();

      queue.keyslots().release(borrower.slot);
      inodes.evict(inode);
      assertThat(inodes.get(7)).isNull();
      assertThatThrownBy(key::checkOpen).isInstanceOf(IllegalStateException.class);
    }
  }

  private static final class Borrower extends KeyslotAcquire {
    private final BlockQueue queue;
    private final WaitPoint done = new WaitPoint();
    int slot;

    Borrower(BlockQueue queue) {
      super(queue.submitter().events());
      this.queue = queue;
    }

    void acquire(CryptoKey key) {
      slot = queue.keyslots().acquire(this, key);
      if (slot == KeyslotManager.PENDING) {
        queue.submitter().await(done);
      }
    }

    @Override
    protected void granted(int slot) {
      this.slot = slot;
      done.signal();
    }

    @Override
    protected void refused(Errno reason) {
      throw new AssertionError(reason);
    }
  }
}
