-- Whether its call has surely begun. Of those of before that is not known, and none of them is beginning now.
ALTER TABLE "executions" ADD COLUMN "begun" BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE "executions" ALTER COLUMN "begun" SET DEFAULT false;
