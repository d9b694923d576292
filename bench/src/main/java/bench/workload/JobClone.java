package bench.workload;

import blockdev.bio.Bio;
import blockdev.bio.BioEnd;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.queue.BioSubmitter;
import blockdev.sim.EventQueue;

/**
 * One clone of a job on one queue pair: keeps so many I/Os under way, as fast as they end or as
 * fast as the job's rate allows. Its submissions and ends are events; nothing allocates once it is
 * made.
 */
final class JobClone {
  private final JobRun run;
  private final Job job;
  private final IoGenerator ios;
  private final BioSubmitter submitter;
  private final EventQueue events;
  private final JobStats stats;
  private final Lane[] idle;
  private int idleCount;
  private final Runnable timer = this::timerRang;
  private boolean timerSet;

  private final long ioLimit;
  private final long byteLimit;
  private long beginNs;
  private long endNs;
  private long startedIos;
  private long startedBytes;
  private int writesSinceFlush;
  private long notBeforeNs; // no I/O starts earlier
  private boolean done;

  JobClone(JobRun run, int index, BioSubmitter submitter, HostMemory memory, JobStats stats) {
    this.run = run;
    this.submitter = submitter;
    this.stats = stats;
    job = run.job();
    events = submitter.events();
    ios = new IoGenerator(job, index);
    ioLimit = job.iosOfClone(index);
    byteLimit = job.timeBased() ? Long.MAX_VALUE : job.ioBytes();
    idle = new Lane[job.depth()];
    while (idleCount < idle.length) {
      idle[idleCount++] = new Lane(memory);
    }
  }

  /** Begins, in an event. */
  void begin() {
    beginNs = events.nowNs();
    notBeforeNs = beginNs;
    endNs = job.runtimeNs() == 0 ? Long.MAX_VALUE : beginNs + job.rampNs() + job.runtimeNs();
    startMore();
  }

  /** After it is done. */
  void freePages() {
    for (Lane lane : idle) {
      lane.pages.free();
    }
  }

  private void startMore() {
    while (idleCount > 0) {
      if (mayNotStart()) {
        if (idleCount == idle.length && !done) {
          done = true;
          run.cloneDone();
        }
        return;
      }
      long nowNs = events.nowNs();
      if (notBeforeNs > nowNs) {
        setTimer(Math.min(notBeforeNs, endNs) - nowNs);
        return;
      }
      if (job.fsync() > 0 && writesSinceFlush == job.fsync()) {
        writesSinceFlush = 0;
        idle[--idleCount].startFlush(nowNs);
      } else {
        idle[--idleCount].start(nowNs);
      }
    }
  }

  private boolean mayNotStart() {
    return startedIos >= ioLimit
        || startedBytes >= byteLimit
        || run.hasFailed()
        || events.nowNs() >= endNs;
  }

  private void setTimer(long delayNs) {
    if (!timerSet) {
      timerSet = true;
      events.schedule(timer, delayNs);
    }
  }

  private void timerRang() {
    timerSet = false;
    startMore();
  }

  private void keepToRate() {
    if (job.iopsPerClone() > 0) {
      long dueNs = beginNs + startedIos * 1_000_000_000L / job.iopsPerClone();
      notBeforeNs = Math.max(notBeforeNs, dueNs);
    }
  }

  /** One I/O at a time, with a bio and pages of its own. */
  private final class Lane implements BioEnd {
    private final IoPages pages;
    private final Bio bio;
    private IoDirection direction = IoDirection.READ;
    private long offsetBytes;
    private int lengthBytes;
    private long startNs;
    private boolean flushes;
    private long flushPoint;

    Lane(HostMemory memory) {
      pages = new IoPages(memory, job.blockSizes().largestBytes());
      bio = new Bio(pages.segments(), this);
    }

    void startFlush(long nowNs) {
      flushes = true;
      startNs = nowNs;
      VerifiedBlocks verified = run.verified();
      WriteHistory history = verified == null ? null : verified.history();
      flushPoint = history == null ? 0 : history.flushPoint();
      submitter.submit(bio.reset(BioOp.FLUSH, 0));
    }

    void start(long nowNs) {
      flushes = false;
      ios.next();
      VerifiedBlocks verified = run.verified();
      if (verified != null) {
        verified.avoidOverlap(ios);
      }
      direction = ios.direction();
      offsetBytes = ios.offsetBytes();
      lengthBytes = ios.lengthBytes();
      startNs = nowNs;
      startedIos++;
      writesSinceFlush += direction == IoDirection.WRITE ? 1 : 0;
      startedBytes += lengthBytes;
      keepToRate();
      bio.reset(direction.op(), offsetBytes >>> QueueLimits.SECTOR_SHIFT);
      if (direction == IoDirection.TRIM) {
        bio.range(lengthBytes >>> QueueLimits.SECTOR_SHIFT);
      } else {
        pages.addTo(bio, lengthBytes);
        run.keys().putInto(bio.crypt(), ios.region(), ios.dataUnitNumber(), offsetBytes);
      }
      if (verified != null) {
        verified.begin(direction, offsetBytes, lengthBytes, pages);
      }
      stats.started(idle.length - idleCount);
      submitter.submit(bio);
    }

    @Override
    public void ended(Bio ended) {
      long nowNs = events.nowNs();
      if (flushes) {
        flushEnded(ended.status(), nowNs);
      } else {
        ioEnded(ended, nowNs);
      }
      idle[idleCount++] = this;
      startMore();
    }

    private void flushEnded(BioStatus status, long nowNs) {
      if (status != BioStatus.OK) {
        stats.flushFailed(status, nowNs);
        run.fail();
        return;
      }
      stats.flushed(startNs, nowNs);
      VerifiedBlocks verified = run.verified();
      WriteHistory history = verified == null ? null : verified.history();
      if (history != null) {
        history.flushed(flushPoint);
      }
    }

    private void ioEnded(Bio ended, long nowNs) {
      if (ended.status() == BioStatus.OK) {
        long issuedNs = ended.issuedNs();
        stats.ended(
            direction,
            lengthBytes,
            startNs,
            issuedNs == Bio.NOT_ISSUED ? startNs : issuedNs,
            nowNs);
      } else {
        stats.failed(direction, offsetBytes, lengthBytes, ended.status(), nowNs);
        run.fail();
      }
      VerifiedBlocks verified = run.verified();
      if (verified != null) {
        verified.end(direction, offsetBytes, lengthBytes, pages, ended.status() == BioStatus.OK);
      }
      run.ioEnded();
      if (job.thinkNs() > 0) {
        notBeforeNs = Math.max(notBeforeNs, nowNs + job.thinkNs());
      }
    }
  }
}
