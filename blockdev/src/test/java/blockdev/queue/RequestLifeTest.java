package blockdev.queue;

import static blockdev.queue.QueueUnderTest.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.bio.SegmentCursor;
import inlinecrypt.CryptoKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A request after it was issued, on a device with one keyslot: ended in part, handed back, ended
 * ({@code blk_update_request}, {@code blk_mq_requeue_request}).
 */
class RequestLifeTest {
  private final QueueUnderTest under = new QueueUnderTest(QueueUnderTest.LIMITS, 1, 8);
  private final CryptoKey key = key(1);
  private final Bio other = under.write(1000, 4096, key(2), 0);

  @AfterEach
  void close() {
    under.close();
  }

  @Test
  void aPartialCompletionKeepsTheSlot() {
    Bio first = under.write(0, 4096, key, 10);
    Bio second = under.write(8, 8192, key, 11);
    Request request = issue(first, second);
    under.submit(other);

    request.endFront(4096);
    under.settle();
    assertThat(under.ended).containsExactly(first);
    assertThat(request.slot()).isZero();
    assertThat(under.issued).as("the other key waits").containsExactly(request);

    under.endOldest(BioStatus.MEDIUM);
    assertThat(under.ended).containsExactly(first, second);
    assertThat(first.status()).isEqualTo(BioStatus.OK);
    assertThat(second.status()).isEqualTo(BioStatus.MEDIUM);
    assertThat(under.issued).extracting(Request::first).containsExactly(other);
  }

  @Test
  void whatAPartialCompletionLeavesIsIssuedAgainUnderItsOwnNumbers() {
    Bio first = under.write(0, 4096, key, 10);
    Bio second = under.write(8, 8192, key, 11);
    Request request = issue(first, second);
    under.issued.clear();

    request.endFront(8192);
    request.requeue(0);
    under.settle();
    assertThat(under.ended).containsExactly(first);
    assertThat(under.issued).containsExactly(request);
    assertThat(request.first()).isSameAs(second);
    assertThat(request.sector()).isEqualTo(16);
    assertThat(request.sizeBytes()).isEqualTo(4096);
    assertThat(request.crypt().dun0()).isEqualTo(12);
    SegmentCursor cursor = new SegmentCursor();
    cursor.start(second);
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.lengthBytes()).isEqualTo(4096);
    under.endAll();
    assertThat(under.ended).containsExactly(first, second);
  }

  @ParameterizedTest
  @ValueSource(ints = {-4096, 0, 512, 6144, 12288, 16384})
  void aPartialCompletionIsOfWholeDataUnitsAndNotOfAll(int bytes) {
    Request request = issue(under.write(0, 12288, key, 10));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request.endFront(bytes))
        .withMessageContaining("is " + bytes);
    assertThat(request.sizeBytes()).isEqualTo(12288);
  }

  @Test
  void plainRequestsAreCompletedByTheBlock() {
    Bio bio = under.write(0, 4096);
    under.submit(bio);
    Request request = under.issued.getFirst();
    request.endFront(512);
    assertThat(request.sector()).isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(() -> request.endFront(256));
    under.endAll();
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
  }

  @Test
  void aRequestThatIsHandedBackKeepsItsTagSlotAndContextAndIsIssuedAgainLater() {
    Request request = issue(under.write(0, 4096, key, 10));
    int tag = request.tag();
    under.submit(other);
    under.issued.clear();

    under.events.schedule(() -> request.requeue(500), 0);
    under.settle();
    assertThat(under.issued).as("the slot is not free").isEmpty();
    final long requeuedNs = under.time.nowNs();
    while (under.issued.isEmpty()) {
      under.settle();
    }
    assertThat(under.time.nowNs() - requeuedNs).isBetween(498L, 500L);
    assertThat(under.issued).containsExactly(request);
    assertThat(request.tag()).isEqualTo(tag);
    assertThat(request.slot()).isZero();
    assertThat(request.crypt().dun0()).isEqualTo(10);
    assertThat(under.counters().requeues()).isEqualTo(1);
    under.endAll();
    assertThat(under.ended).hasSize(2).allMatch(bio -> bio.status() == BioStatus.OK);
    assertThat(under.keyslots.counters().programs()).isEqualTo(2);
  }

  @Test
  void itsRoomInTheDriverGoesToAnotherMeanwhile() {
    try (QueueUnderTest one = QueueUnderTest.withElevator(QueueUnderTest.LIMITS, 1, 1)) {
      one.submit(one.write(0, 512), one.write(10, 512));
      Request first = one.issued.removeFirst();
      one.events.schedule(() -> first.requeue(100), 0);
      one.settle();
      assertThat(one.issued).extracting(Request::sector).containsExactly(10L);
      List<Long> sectors = new ArrayList<>();
      one.endsWhatIsIssuedEvery(200, 2);
      while (one.ended.size() < 2) {
        one.settle();
      }
      one.ended.forEach(bio -> sectors.add(bio.sector()));
      assertThat(sectors).containsExactly(10L, 0L);
    }
  }

  @Test
  void whatAPartialCompletionLeavesMergesByItsOwnSegmentsAndMemory() {
    QueueLimits twoSegments = new QueueLimits(512, 65536, 2);
    try (QueueUnderTest one = QueueUnderTest.withElevator(twoSegments, 1, 1)) {
      Bio large = one.bio(BioOp.WRITE, 0);
      large.addSegment(1 << 20, 4096);
      large.addSegment(2 << 20, 4096);
      one.submit(large, one.write(500, 512));
      endFrontAndHandBack(one, 4096);
      one.submit(one.write(0, 4096));
      one.endAll();
      assertThat(one.counters().frontMerges()).as("one segment is left").isEqualTo(1);

      Bio page = one.write(0, 4096);
      one.submit(page, one.write(500, 512));
      endFrontAndHandBack(one, 512);
      Bio before = one.bio(BioOp.WRITE, 0);
      before.addSegment(3584, 512);
      one.submit(before);
      one.endAll();
      assertThat(one.counters().frontMerges()).as("not on a page any more").isEqualTo(1);
      assertThat(page.status()).isEqualTo(BioStatus.OK);
    }
  }

  private static void endFrontAndHandBack(QueueUnderTest queue, int bytes) {
    Request request = queue.issued.removeFirst();
    queue.events.schedule(
        () -> {
          request.endFront(bytes);
          request.requeue(0);
        },
        0);
    queue.settle();
  }

  /** Lets {@code bios}, which merge, be issued as one request. */
  private Request issue(Bio... bios) {
    under.makeResident(key);
    under.queue.startPlug();
    under.submit(bios);
    under.queue.finishPlug();
    assertThat(under.issued).hasSize(1);
    return under.issued.getFirst();
  }
}
