package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blockdev.queue.BlockQueue;
import blockdev.sim.SimThread;
import blockdev.sim.SimTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a commit holds back, and what it lets go. */
final class TransactionsTest {
  private static final MetadataRegion REGION = new MetadataRegion(0, 128);

  private final TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT);
  private final VolatileDevice metadata = new VolatileDevice(128, 1);
  private final BlockAllocator allocator = new BlockAllocator(0, 10);
  private InodeTable table;
  private Transactions transactions;

  @BeforeEach
  void open() throws IOException {
    MetadataStore.format(metadata, REGION);
    transactions = mount(false);
  }

  private Transactions mount(boolean readOnly) throws IOException {
    MetadataStore store = MetadataStore.open(metadata, REGION);
    table = new InodeTable(store);
    BlockQueue device = machine.simulation.queue();
    return new Transactions(
        device, new IoBatch.Pool(device::submitter), store, allocator, readOnly);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  /** In that commit's record, metadata would speak of data that its flush did not cover. */
  @Test
  void aChangeThatFollowsDataWaitsForTheCommitThatIsUnderWay() {
    List<String> order = new ArrayList<>();
    SimTime time = machine.simulation.time();
    SimThread committer =
        time.start(
            "committer",
            () -> {
              order.add("commit begins");
              transactions.commit();
              order.add("commit ends");
            });
    SimThread writer = // begins when the committer waits for its flush
        time.start(
            "writer",
            () -> {
              order.add("data is written");
              transactions.changeAfterData(() -> order.add("change"));
            });
    committer.join();
    writer.join();
    assertThat(order).containsExactly("commit begins", "data is written", "commit ends", "change");
  }

  @Test
  void blocksAreFreeOnceTheTransactionThatFreedThemIsDurable() {
    allocator.free(Objects.requireNonNull(allocator.allocate(4)));
    assertThat(allocator.freeBlocks()).isEqualTo(6);
    transactions.commit();
    assertThat(allocator.freeBlocks()).isEqualTo(10);
  }

  @Test
  void aCommitThatFailsFreesNothing() {
    allocator.free(Objects.requireNonNull(allocator.allocate(4)));
    table.put(1, new InodeRecord(InodeRecord.Kind.FILE, 1, 0, null));
    metadata.cutAfter(0);
    assertThatThrownBy(transactions::commit).isInstanceOf(VolatileDevice.PowerCut.class);
    assertThat(allocator.freeBlocks()).isEqualTo(6);
    assertThat(allocator.closeTransaction()).as("waits for the next").hasSize(1);
  }

  @Test
  void aMountThatIsReadOnlyRefusesChangesAndWritesNothing() throws IOException {
    transactions.close();
    transactions = mount(true);
    metadata.takeLog();
    assertThatThrownBy(transactions::requireWritable).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(transactions::requireRoom).isInstanceOf(IllegalStateException.class);
    table.put(1, new InodeRecord(InodeRecord.Kind.FILE, 1, 0, null));
    transactions.close();
    assertThat(metadata.takeLog()).isEmpty();
  }
}
