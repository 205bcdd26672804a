// The styles that the first page does without. Whatever is loaded later waits for them (later.ts).
import './mantine-more.css'
