import { testPage } from "./test-page.ts";

testPage("walkthrough-4.md");
