package blockdev.queue;

import static blockdev.queue.QueueUnderTest.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.sim.WaitPoint;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoKey;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bios that wait for a tag, requests that wait for a keyslot, and plugs that wait for neither. */
@Timeout(20)
class WaitingTest {
  @Test
  void biosBeyondTheTagsWaitInOrder() {
    try (QueueUnderTest under = new QueueUnderTest(QueueUnderTest.LIMITS, 1, 2)) {
      Bio[] bios = new Bio[6];
      for (int i = 0; i < bios.length; i++) {
        bios[i] = under.write(i * 10L, 512);
      }
      under.submit(bios);
      assertThat(under.issued).hasSize(2);
      assertThat(under.counters().tagWaits()).isEqualTo(4);
      under.endAll();
      assertThat(under.ended).containsExactly(bios);
    }
  }

  @Test
  void aBioSubmittedInAnEndDoesNotOvertakeThoseThatWait() {
    try (QueueUnderTest under = new QueueUnderTest(QueueUnderTest.LIMITS, 1, 1)) {
      Bio late = under.write(90, 512);
      Bio first = new Bio(1, bio -> under.submit(late));
      first.reset(BioOp.WRITE, 0).addSegment(0, 512);
      Bio second = under.write(10, 512);
      under.submit(first, second);
      under.endAll();
      assertThat(under.ended).containsExactly(second, late);
    }
  }

  @Test
  void theKeyOfABioThatWaitsForATagIsInUse() {
    try (QueueUnderTest under = new QueueUnderTest(QueueUnderTest.LIMITS, 1, 1)) {
      CryptoKey waits = key(2);
      Bio first = under.write(0, 4096, key(1), 0);
      Bio second = under.write(8, 4096, waits, 0);
      under.submit(first, second);
      assertThatIllegalStateException().isThrownBy(waits::close).withMessageContaining("in use");
      under.endAll();
      assertThat(under.ended).containsExactly(first, second);
      assertThat(second.status()).isEqualTo(BioStatus.OK);
      under.keyslots.evict(waits, result -> waits.close());
      assertThatIllegalStateException().isThrownBy(waits::checkOpen);
    }
  }

  @Test
  void aKeyThatAnotherThreadClosesJustAfterTheCheckEndsTheBioAndFreesTheTag() {
    CryptoKey key = key(1);
    try (QueueUnderTest under =
        new QueueUnderTest(QueueUnderTest.LIMITS, 1, 1, closesAt("requestStarted", key))) {
      Bio bio = under.write(0, 4096, key, 0);
      under.submit(bio);
      under.settle();
      assertThat(under.ended).containsExactly(bio);
      assertThat(bio.status()).isEqualTo(BioStatus.IOERR);
      under.submit(under.write(0, 4096));
      assertThat(under.issued).as("the only tag is free").hasSize(1);
    }
  }

  @Test
  void aKeyThatAnotherThreadClosesJustBeforeTheWaitForATagEndsTheBio() {
    CryptoKey key = key(1);
    QueueLimits onePage = new QueueLimits(512, 4096, 1);
    try (QueueUnderTest under = new QueueUnderTest(onePage, 1, 1, closesAt("bioSplit", key))) {
      Bio first = under.write(0, 4096);
      Bio second = under.write(8, 8192, key, 0);
      under.submit(first, second);
      under.settle();
      assertThat(under.ended).containsExactly(second);
      assertThat(second.status()).isEqualTo(BioStatus.IOERR);
      under.endAll();
      assertThat(first.status()).isEqualTo(BioStatus.OK);
    }
  }

  /** Stands in for the other thread. */
  private static Tracer closesAt(String step, CryptoKey key) {
    return (Tracer)
        Proxy.newProxyInstance(
            Tracer.class.getClassLoader(),
            new Class<?>[] {Tracer.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals(step)) {
                key.close();
              }
              return null;
            });
  }

  @Test
  void aWaitForATagFlushesThePlug() {
    try (QueueUnderTest under = new QueueUnderTest(QueueUnderTest.LIMITS, 1, 2)) {
      under.queue.startPlug();
      under.submit(under.write(0, 512), under.write(10, 512));
      assertThat(under.issued).isEmpty();
      under.submit(under.write(20, 512));
      assertThat(under.issued).hasSize(2);
      under.queue.finishPlug();
    }
  }

  @Test
  void aBioThatMustNotWaitEndsWhereItWouldWaitForATag() {
    try (QueueUnderTest under = new QueueUnderTest(QueueUnderTest.LIMITS, 1, 1)) {
      Bio first = under.write(0, 512).noWait();
      Bio second = under.write(10, 512).noWait();
      under.submit(first, second);
      assertThat(under.ended).containsExactly(second);
      assertThat(second.status()).isEqualTo(BioStatus.AGAIN);
      under.endAll();
      assertThat(first.status()).isEqualTo(BioStatus.OK);
    }
  }

  @Test
  void aBioThatMustNotWaitStillMergesWhereThereIsNoTag() {
    try (QueueUnderTest under = new QueueUnderTest(QueueUnderTest.LIMITS, 1, 1)) {
      under.queue.startPlug();
      under.submit(under.write(0, 4096), under.write(8, 4096).noWait());
      under.queue.finishPlug();
      assertThat(under.ended).isEmpty();
      assertThat(under.issued).hasSize(1);
    }
  }

  @Test
  void aBioThatMustNotWaitStillWaitsForAKeyslot() {
    try (QueueUnderTest under = new QueueUnderTest(QueueUnderTest.LIMITS, 1, 8)) {
      Bio holder = under.write(0, 4096, key(1), 0);
      Bio waits = under.write(8, 4096, key(2), 0).noWait();
      under.submit(holder, waits);
      under.settle();
      assertThat(under.issued).hasSize(1);
      assertThat(under.ended).isEmpty();
      under.endAll();
      assertThat(under.ended).containsExactly(holder, waits);
      assertThat(waits.status()).isEqualTo(BioStatus.OK);
    }
  }

  @Test
  void moreKeysThanSlotsCompleteInOrder() {
    try (QueueUnderTest under = new QueueUnderTest(QueueUnderTest.LIMITS, 2, 64)) {
      Bio[] bios = new Bio[10];
      for (int i = 0; i < bios.length; i++) {
        bios[i] = under.write(i * 10L, 4096, key(i), 0);
      }
      under.submit(bios);
      under.settle();
      assertThat(under.issued).hasSize(2);
      under.endAll();
      assertThat(under.ended).containsExactly(bios);
      assertThat(under.keyslots.counters().programs()).isEqualTo(10);
    }
  }

  @Test
  void aWaitForASlotFlushesThePlugSoThatItsSlotsComeBack() {
    try (QueueUnderTest under = new QueueUnderTest(QueueUnderTest.LIMITS, 1, 64)) {
      CryptoKey resident = key(1);
      under.submit(under.write(0, 4096, resident, 0));
      under.endAll();

      under.queue.startPlug();
      under.submit(under.write(0, 4096, resident, 0));
      assertThat(under.issued).as("a hit stays in the plug").isEmpty();
      under.submit(under.write(8, 4096, key(2), 0));
      assertThat(under.issued).as("a miss lets it go").hasSize(1);
      under.endAll();
      assertThat(under.ended).hasSize(3);
      under.queue.finishPlug();
    }
  }

  @Test
  void waitingFlushesThePlug() {
    try (QueueUnderTest under = new QueueUnderTest()) {
      WaitPoint done = new WaitPoint();
      Bio bio = new Bio(1, ended -> done.signal());
      bio.reset(BioOp.WRITE, 0).addSegment(0, 512);
      under.queue.startPlug();
      under.submit(bio);
      under.events.schedule(under::endIssued, 100);
      under.queue.await(done);
      assertThat(under.time.nowNs()).isEqualTo(100);
      under.queue.finishPlug();
    }
  }

  @Test
  void biosThatWaitForATagAreNotHeldInThePlugOfAThreadThatWaits() {
    try (QueueUnderTest under = new QueueUnderTest(QueueUnderTest.LIMITS, 1, 2)) {
      WaitPoint all = new WaitPoint();
      List<Bio> ended = new ArrayList<>();
      under.queue.startPlug();
      for (int i = 0; i < 20; i++) {
        Bio bio =
            new Bio(
                1,
                self -> {
                  ended.add(self);
                  if (ended.size() == 20) {
                    all.signal();
                  }
                });
        bio.reset(BioOp.WRITE, i * 10L).addSegment(0, 512);
        under.submit(bio);
      }
      under.endsWhatIsIssuedEvery(10, 20);
      under.queue.await(all);
      assertThat(ended).hasSize(20);
      under.submit(under.write(0, 512));
      assertThat(under.issued).as("the plug is in place again").isEmpty();
      under.queue.finishPlug();
      assertThat(under.issued).hasSize(1);
    }
  }

  @Test
  void whatAnEndSubmitsIsNotHeldInThePlugOfAThreadThatWaits() {
    try (QueueUnderTest under = new QueueUnderTest()) {
      WaitPoint done = new WaitPoint();
      Bio second = new Bio(1, ended -> done.signal());
      second.reset(BioOp.WRITE, 0).addSegment(0, 512);
      Bio first = new Bio(1, ended -> under.submit(second));
      first.reset(BioOp.WRITE, 8).addSegment(0, 512);
      under.queue.startPlug();
      under.submit(first);
      under.endsWhatIsIssuedEvery(10, 3);
      under.queue.await(done);
      under.queue.finishPlug();
    }
  }

  @Test
  void aBioOfManyPartsCanHaveMoreOfThemThanThereAreTags() {
    try (QueueUnderTest under = new QueueUnderTest(new QueueLimits(512, 4096, 1), 1, 2)) {
      Bio bio = under.write(0, 64 * 4096, key(1), 0);
      under.submit(bio);
      under.endAll();
      assertThat(under.ended).containsExactly(bio);
      assertThat(under.counters().requests()).isEqualTo(64);
    }
  }
}
